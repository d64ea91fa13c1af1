import type { Adoption } from '../../contract/orders.ts';
import { carryThrough } from '../entity/attention.ts';
import { workflowNow } from '../shared/time.ts';
import type { OrderRecord } from './order-record.ts';

/** Takes over a PaymentIntent that exists: claims it at Stripe, and reads all that happened to it so far. */
export async function adopt(
  record: OrderRecord,
  { paymentIntent, memory, isAnother }: Adoption,
): Promise<void> {
  const { terms, livemode, authorize: command, policy } = record.input;
  record.begin('adopt', command);
  const operation = {
    operation: 'adopt',
    orderId: terms.id,
    operationId: paymentIntent,
    generation: 0,
    requestedAt: workflowNow(),
    paymentIntent,
    terms,
    livemode,
    isReopened: memory !== null && !isAnother,
  } as const;
  await carryThrough(record, command, operation, policy.retryBudgetMs);
}
