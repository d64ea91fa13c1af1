import type Stripe from 'stripe';
import type {
  AuthorizeOperation,
  OperationOutcome,
  ReauthorizeOperation,
} from '../../contract/operations.ts';
import { isMadeBy } from '../../domain/ids.ts';
import { currentPayment, paymentsOfOrder, requestedPayment } from '../../stripe/order-payments.ts';
import { refusedCreation } from '../shared/refused-creation.ts';

/** The id of the PaymentIntent that an operation left behind; null: it left none that reached a charge. */
export async function findPaymentOfOrder(
  stripe: Stripe,
  operation: AuthorizeOperation | ReauthorizeOperation,
): Promise<string | null> {
  const payments = await paymentsOfOrder(stripe, operation.orderId);
  return payments.find(({ metadata }) => isMadeBy(operation, metadata))?.id ?? null;
}

/**
 * The payment of an order that an earlier request created, or why this request must not have its id; null: Stripe knows no
 * such order.
 */
export async function findCreatedOrder(
  stripe: Stripe,
  operation: AuthorizeOperation,
): Promise<{ readonly id: string } | Extract<OperationOutcome, { type: 'refused' }> | null> {
  const payments = await paymentsOfOrder(stripe, operation.orderId);
  const current = currentPayment(payments);
  if (!current) return null;
  const asked = requestedPayment(payments) ?? current;
  return refusedCreation(operation, asked.metadata, 'order') ?? { id: current.id };
}
