import type { StripeOperation } from '../../contract/operations.ts';
import type { Adoption } from '../../contract/orders.ts';
import { newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import type { OrderRecord } from './order-record.ts';

/** Creates and confirms the order's PaymentIntent. */
export async function authorize(record: OrderRecord): Promise<void> {
  const { firstCommand: command } = record;
  const { terms } = record.input;
  record.begin('authorize', command);
  const operation: StripeOperation = {
    operation: 'authorize',
    orderId: terms.id,
    ...newStamp(command),
    requestedAt: record.order.createdAt,
    requestHash: command.requestHash,
    terms,
  };
  await performAndRecord(record, command, operation);
}

/** Claims an existing PaymentIntent at Stripe, and reads what has happened to it. */
export async function adopt(
  record: OrderRecord,
  { paymentIntent, memory, isAnother }: Adoption,
): Promise<void> {
  const { firstCommand: command } = record;
  const { terms, livemode } = record.input;
  record.begin('adopt', command);
  const operation = {
    operation: 'adopt',
    orderId: terms.id,
    ...newStamp({ commandId: paymentIntent }),
    paymentIntent,
    terms,
    livemode,
    isReopened: memory !== null && !isAnother,
  } as const;
  await performAndRecord(record, command, operation);
}
