import type Stripe from 'stripe';
import type { TransferState } from '../../contract/transfers.ts';
import { reversedStatus } from '../../domain/orders/transfer-reversals.ts';
import type { TransferReversals } from '../../stripe/reversals.ts';
import type { Attempt } from '../backend/attempt.ts';
import { presentAttention } from '../commands/present-attention.ts';
import { presentPending } from '../commands/present-pending.ts';
import { rfc3339 } from '../http/rfc3339.ts';
import type { TransferResource } from './transfer-schema.ts';

/** A special-case transfer with no order. `reversed`: null if Stripe did not answer. */
export function presentTransfer(
  state: TransferState,
  reversed: TransferReversals | null,
  attempt: Attempt | null,
): TransferResource {
  const { input } = state;
  return {
    id: input.id,
    object: 'transfer',
    status: statusOf(state, reversed?.amountReversed ?? 0),
    amount: input.amount,
    amount_reversed: reversed?.amountReversed ?? null,
    currency: input.currency,
    destination: input.destination,
    description: input.description,
    stripe_transfer: state.transfer?.id ?? null,
    reversals: reversed?.reversals.map(presentReversal) ?? null,
    pending: presentPending(state.pending, attempt),
    needs_attention: state.attention && presentAttention(state.attention),
    created: rfc3339(state.createdAt),
    livemode: input.livemode,
  };
}

function presentReversal({ id, amount, currency, created }: Stripe.TransferReversal) {
  return { id, object: 'transfer_reversal' as const, amount, currency, created: rfc3339(created * 1_000) };
}

function statusOf({ status, input }: TransferState, amountReversed: number): TransferResource['status'] {
  return status === 'paid' ? reversedStatus({ amount: input.amount, amountReversed }) : status;
}
