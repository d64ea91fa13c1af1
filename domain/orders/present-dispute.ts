import { presentBalances } from '../money/present-balances.ts';
import { rfc3339 } from '../rfc3339.ts';
import type { Dispute } from './dispute.ts';
import { currentDispute, isInquiry } from './dispute.ts';
import type { Order } from './order.ts';
import type { Recovery } from './recovery-state.ts';

/** The dispute that counts now: the first to answer, otherwise an open one, otherwise the newest. */
export function presentDispute(order: Order) {
  const dispute = currentDispute(order.disputes);
  return dispute && present(dispute, order);
}

/** All of them, oldest first. */
export function presentDisputes(order: Order) {
  return order.disputes.map((dispute) => present(dispute, order));
}

function present(dispute: Dispute, { recoveries }: Order) {
  const recovery = recoveries.find(({ disputeId }) => disputeId === dispute.id);
  return {
    id: dispute.id,
    object: 'dispute' as const,
    status: dispute.status,
    amount: dispute.amount,
    currency: dispute.currency,
    reason: dispute.reason,
    is_inquiry: isInquiry(dispute),
    evidence_due_by: dispute.evidenceDueBy === null ? null : rfc3339(dispute.evidenceDueBy),
    has_evidence: dispute.hasEvidence,
    submission_count: dispute.submissionCount,
    withdrawn: presentBalances(dispute.withdrawn),
    fee: presentBalances(dispute.fee),
    platform: presentBalances(dispute.platform),
    recovery: recovery ? presentRecovery(recovery) : null,
    created: rfc3339(dispute.createdAt),
  };
}

function presentRecovery(recovery: Recovery) {
  const { reversal, nextAttemptAt, failure } = recovery;
  return {
    status: recovery.status,
    attempts: recovery.attempts,
    next_attempt_at: nextAttemptAt === null ? null : rfc3339(nextAttemptAt),
    transfer_reversal: reversal && { id: reversal.id, amount: reversal.amount, currency: reversal.currency },
    failure: failure && { ...failure },
  };
}
