import type Stripe from 'stripe';
import type { CommandEnvelope } from '../domain/commands/command.ts';
import { REQUEST_HASH } from '../domain/commands/operation-stamp.ts';
import type { SpecialCaseTransfer } from '../domain/orders/order.ts';
import { findTransfer } from './find-transfer.ts';
import { STRIPE_READ } from './read-options.ts';
import { transferFactsOf } from './transfer-facts.ts';

/** A special-case transfer with no order that Temporal has forgotten, as Stripe knows it. */
export interface TransferAtStripe {
  readonly transfer: SpecialCaseTransfer;
  readonly livemode: boolean;
  /** The command that made it, as far as Stripe knows. */
  readonly pay: CommandEnvelope;
}

/** Null: Stripe knows none. */
export async function readTransferFromStripe(
  stripe: Stripe,
  transferId: string,
): Promise<TransferAtStripe | null> {
  const found = await findTransfer(stripe, transferId, STRIPE_READ);
  if (!found) return null;
  const { waybill_operation: commandId = '', [REQUEST_HASH]: requestHash = '' } = found.metadata;
  return {
    transfer: transferFactsOf(found, commandId),
    livemode: found.livemode,
    pay: { commandId, requestHash, requestId: 'forgotten', actor: 'waybill' },
  };
}
