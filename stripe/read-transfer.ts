import type Stripe from 'stripe';
import type { OrderPolicy } from '../contract/orders.ts';
import type { TransferState } from '../contract/transfers.ts';
import { transferPolicy } from '../contract/transfers.ts';
import { REQUEST_HASH } from '../domain/commands/operation-stamp.ts';
import { findTransfer } from './find-transfer.ts';
import { STRIPE_READ } from './read-options.ts';
import { transferFactsOf } from './transfer-facts.ts';

/**
 * A special-case transfer with no order that Temporal has forgotten, as Stripe knows it; null: Stripe knows none. Its reversals are
 * not read.
 */
export async function readTransferFromStripe(
  { stripe, policy }: { readonly stripe: Stripe; readonly policy: OrderPolicy },
  transferId: string,
): Promise<TransferState | null> {
  const found = await findTransfer(stripe, transferId, STRIPE_READ);
  if (!found) return null;
  // The command that made it, as far as Stripe knows.
  const { waybill_operation: commandId = '', [REQUEST_HASH]: requestHash = '' } = found.metadata;
  const transfer = transferFactsOf(found, commandId);
  const { amount, currency, destination, description, createdAt } = transfer;
  return {
    input: {
      id: transferId,
      amount,
      currency,
      destination,
      description,
      livemode: found.livemode,
      policy: transferPolicy(policy),
      pay: { commandId, requestHash, requestId: 'forgotten', actor: 'waybill' },
    },
    createdAt,
    status: 'paid',
    transfer,
    reversals: [],
    pending: null,
    attention: null,
    approvals: [],
  };
}
