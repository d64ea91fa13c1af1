import type Stripe from 'stripe';
import { transferTransferGroup } from '../domain/commands/transfer-groups.ts';
import { readAll } from './read-all.ts';

/**
 * The transfer at Stripe that Waybill made for a special-case transfer with no order, with what transfer-facts.ts expects; null:
 * Stripe knows none. One call, up to date at once, however many transfers the platform makes.
 */
export async function findTransfer(
  stripe: Stripe,
  transferId: string,
  options: Stripe.RequestOptions = {},
): Promise<Stripe.Transfer | null> {
  const group = transferTransferGroup(transferId);
  const expand = ['data.balance_transaction', 'data.destination_payment.balance_transaction'];
  const list = stripe.transfers.list({ transfer_group: group, limit: 100, expand }, options);
  const transfers = await readAll(list);
  return transfers.find(({ metadata }) => metadata.waybill_order === transferId) ?? null;
}
