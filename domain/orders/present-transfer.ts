import type { Attention } from '../attention/attention.ts';
import type { Notice } from '../attention/notice.ts';
import type { Unreadable } from '../attention/reading.ts';
import { unreadableNotices } from '../attention/reading.ts';
import type { Approval } from '../commands/approval.ts';
import { approvalNotices } from '../commands/approval.ts';
import type { PendingOperation } from '../commands/pending.ts';
import { presentPending } from '../commands/present-pending.ts';
import { rfc3339 } from '../rfc3339.ts';
import { firstNeed, nextAttemptAt } from './needs.ts';
import { presentApproval, presentNeed } from './present-need.ts';
import { reversedStatus } from './transfer-reversals.ts';

/** A reversal of a special-case transfer with no order. Amount in minor units. */
export interface TransferReversal {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A special-case transfer with no order, as far as it is shown. */
export interface ShownTransfer {
  readonly input: {
    readonly id: string;
    readonly amount: number;
    readonly currency: string;
    readonly destination: string;
    readonly description: string | null;
    readonly livemode: boolean;
  };
  readonly createdAt: number;
  readonly status: 'pending' | 'paid' | 'abandoned';
  readonly transfer: { readonly id: string } | null;
  /** Those that Waybill knows, newest first. */
  readonly reversals: readonly TransferReversal[];
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  readonly approvals: readonly Approval[];
  /** Absent: it was never read, or could always be. */
  readonly unreadable?: Unreadable | null;
}

/** What people have to look at though nothing is stuck. */
export function transferNotices({
  input,
  transfer,
  approvals,
  unreadable = null,
}: Pick<ShownTransfer, 'transfer' | 'approvals' | 'unreadable'> & {
  readonly input: { readonly id: string };
}): readonly Notice[] {
  return [
    ...approvalNotices(approvals),
    ...unreadableNotices('transfer', transfer?.id ?? input.id, unreadable),
  ];
}

/** `reversals`: null if they are not known. */
export function presentTransfer(transfer: ShownTransfer, reversals: readonly TransferReversal[] | null) {
  const { input } = transfer;
  const amountReversed = reversals?.reduce((sum, { amount }) => sum + amount, 0) ?? null;
  return {
    id: input.id,
    object: 'transfer' as const,
    status: statusOf(transfer, amountReversed ?? 0),
    amount: input.amount,
    amount_reversed: amountReversed,
    currency: input.currency,
    destination: input.destination,
    description: input.description,
    stripe_transfer: transfer.transfer?.id ?? null,
    reversals: reversals?.map(presentReversal) ?? null,
    pending: presentPending(transfer.pending),
    needs_attention: presentNeed(
      firstNeed(transfer.attention, transferNotices(transfer)),
      nextAttemptAt(transfer),
    ),
    approvals: transfer.approvals.map(presentApproval),
    created: rfc3339(transfer.createdAt),
    livemode: input.livemode,
  };
}

function presentReversal({ id, amount, currency, createdAt }: TransferReversal) {
  return { id, object: 'transfer_reversal' as const, amount, currency, created: rfc3339(createdAt) };
}

function statusOf({ status, input }: ShownTransfer, amountReversed: number) {
  return status === 'paid' ? reversedStatus({ amount: input.amount, amountReversed }) : status;
}
