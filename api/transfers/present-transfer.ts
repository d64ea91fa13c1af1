import type { TransferState } from '../../contract/transfers.ts';
import type { Attempt } from '../backend/attempt.ts';
import { presentAttention } from '../commands/present-attention.ts';
import { presentPending } from '../commands/present-pending.ts';
import { rfc3339 } from '../http/rfc3339.ts';
import type { TransferResource } from './transfer-schema.ts';

/** A special-case transfer with no order. */
export function presentTransfer(state: TransferState, attempt: Attempt | null = null): TransferResource {
  const { input } = state;
  return {
    id: input.id,
    object: 'transfer',
    status: state.status,
    amount: input.amount,
    currency: input.currency,
    destination: input.destination,
    description: input.description,
    stripe_transfer: state.transfer?.id ?? null,
    pending: presentPending(state.pending, attempt),
    needs_attention: state.attention && presentAttention(state.attention),
    created: rfc3339(state.createdAt),
    livemode: input.livemode,
  };
}
