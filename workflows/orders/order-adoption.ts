import type { Adoption } from '../../contract/orders.ts';
import { newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import type { OrderRecord } from './order-record.ts';

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
