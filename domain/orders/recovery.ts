import { recoveryOperationId } from '../ids.ts';
import { proportion } from '../money/money.ts';
import type { Adjustment } from './adjustment.ts';
import type { Dispute } from './dispute.ts';
import { amountLost } from './dispute.ts';
import type { Order } from './order.ts';
import type {
  Recovery,
  RecoveryFailure,
  RecoveryReversal,
  TransferFacts,
  TransferShare,
} from './recovery-state.ts';

/** What Stripe refuses now and may do later: the account has to earn something first. */
const PASSING_REFUSAL = 'balance_insufficient';

/** A lost dispute that is to be recovered, before anything was asked of Stripe. */
export function newRecovery(disputeId: string): Recovery {
  return { disputeId, status: 'pending', attempts: 0, nextAttemptAt: null, reversal: null, failure: null };
}

/** Nothing came of it yet, and it is tried again at that time. */
export function postponed(recovery: Recovery, failure: RecoveryFailure, nextAttemptAt: number): Recovery {
  return { ...recovery, status: 'pending', attempts: recovery.attempts + 1, nextAttemptAt, failure };
}

/** Stripe refused the reversal. `retryAt`: when lack of funds may have passed. */
export function refusedRecovery(recovery: Recovery, failure: RecoveryFailure, retryAt: number): Recovery {
  const next = postponed(recovery, failure, retryAt);
  return failure.code === PASSING_REFUSAL ? next : { ...next, status: 'refused', nextAttemptAt: null };
}

/** It is over: with the reversal, or because nothing was left of the transfer. */
export function recovered(recovery: Recovery, reversal: RecoveryReversal | null): Recovery {
  return { ...recovery, status: 'recovered', nextAttemptAt: null, reversal, failure: null };
}

/**
 * The recoveries once the disputes are read. What comes back after a recovery is remembered: a dispute that was won may be lost again,
 * and one that was lost may be lost only in part.
 */
export function recoveriesAfter(
  { disputes, recoveries, adjustments }: Order,
  read: readonly Dispute[],
): readonly Recovery[] {
  const find = (among: readonly Dispute[], wanted: string) => among.find(({ id }) => id === wanted);
  return recoveries.map((recovery) => {
    const [before, now] = [find(disputes, recovery.disputeId), find(read, recovery.disputeId)];
    if (!takenFor(recovery, adjustments) || !now) return recovery;
    if (before?.status === 'won') return { ...recovery, wonAfterwards: true };
    const isLess = isLost(before) && isLost(now) && amountLost(now) < amountLost(before);
    return isLess ? { ...recovery, returnedAfterwards: true } : recovery;
  });
}

/** The platform bears it after all. */
export function givenUp(recovery: Recovery): Recovery {
  return { ...recovery, status: 'given_up', nextAttemptAt: null };
}

/** Begun, and not recovered yet. */
export function pendingRecoveries(order: Order): readonly Recovery[] {
  return order.recoveries.filter(
    ({ disputeId, status }) => status === 'pending' && isRecoverable(order, disputeId),
  );
}

/**
 * Whether the connected account owes its share of a dispute: not while that is won or appealed, unless it is lost again; nor
 * once the charge has failed altogether.
 */
export function isRecoverable({ payment, disputes }: Order, disputeId: string): boolean {
  const isPaid = payment.status === 'captured' && payment.transfer !== null;
  return isPaid && isLost(disputes.find(({ id }) => id === disputeId));
}

function isLost(dispute: Dispute | undefined): dispute is Dispute {
  return dispute?.status === 'lost';
}

/**
 * Of a payment that is read for the first time, or again once Temporal has forgotten its order: what Waybill took back then, by the
 * reversals that name it. For other disputes that were lost, whoever was responsible has borne or recovered them, and nothing is
 * taken from a seller for them now.
 */
export function recoveriesSeen(
  { terms }: Order,
  { disputes, adjustments }: Pick<Order, 'disputes' | 'adjustments'>,
): readonly Recovery[] {
  return disputes.flatMap((dispute): Recovery[] => {
    const reversal = reversalFor(dispute.id, adjustments);
    if (reversal) return [recovered(newRecovery(dispute.id), reversal)];
    const isLeft = terms.onDisputeLost === 'recover' && isLost(dispute);
    return isLeft ? [givenUp(newRecovery(dispute.id))] : [];
  });
}

/** What a recovery has taken back so far; null: nothing. Of several captures some may be taken before Stripe refuses another. */
export function takenFor(
  { disputeId, reversal }: Recovery,
  adjustments: readonly Adjustment[],
): RecoveryReversal | null {
  return reversal ?? reversalFor(disputeId, adjustments);
}

/** Of several captures, of each one's transfer; null: Waybill took nothing back. */
function reversalFor(disputeId: string, adjustments: readonly Adjustment[]): RecoveryReversal | null {
  const operationId = recoveryOperationId(disputeId);
  const made = adjustments.filter((one) => one.operationId === operationId);
  const [first] = made;
  if (!first || first.transfer === null) return null;
  const amount = made.reduce((sum, one) => sum + one.amount, 0);
  return { id: first.id, transfer: first.transfer, amount, currency: first.currency };
}

export function recoveryOf({ recoveries }: Order, disputeId: string): Recovery {
  return recoveries.find((known) => known.disputeId === disputeId) ?? newRecovery(disputeId);
}

/** Lost disputes whose share the connected account owes, and nothing was done about yet. */
export function unrecoveredDisputes(order: Order): readonly Dispute[] {
  if (order.terms.onDisputeLost !== 'recover') return [];
  return order.disputes.filter(
    ({ id, withdrawn }) =>
      isRecoverable(order, id) &&
      Object.keys(withdrawn).length > 0 &&
      !order.recoveries.some(({ disputeId }) => disputeId === id),
  );
}

/**
 * The connected account's share of a dispute, by transfer: in proportion to what was lost of the charge, and never more than is
 * left of the transfer.
 */
export function sharesOfDispute(
  dispute: Pick<Dispute, 'amount' | 'amountLost'>,
  charge: { readonly amount: number },
  transfer: string,
  { others, ...last }: TransferFacts,
): readonly [TransferShare, ...TransferShare[]] {
  const shareOf = (one: Omit<TransferFacts, 'others'>) =>
    Math.min(proportion(one.amount, amountLost(dispute), charge.amount), one.amount - one.amountReversed);
  return [
    { transfer, amount: shareOf(last) },
    ...others.map((other) => ({ transfer: other.transfer, amount: shareOf(other) })),
  ];
}
