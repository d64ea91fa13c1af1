import { DAY_SECONDS, midnightAfter } from '../core/clock.ts';
import { type Context, versionBefore } from '../core/context.ts';
import type { Dispute, DisputeStatus, EarlyFraudWarning } from '../objects/disputes.ts';
import type { Charge } from '../objects/payments.ts';
import { reinstateFunds, withdrawFunds } from './dispute-funds.ts';
import { emit } from './events.ts';
import { failRefund } from './refund-outcomes.ts';
import { refundable } from './refundable.ts';
import { closeReviews } from './reviews.ts';

/** How the test cards' owners addIssue. */
const COMPLAINTS: Record<string, { reason: string; inquiry: boolean; final?: true }> = {
  // A debit that is sent back cannot be argued about.
  debit_dispute: { reason: 'debit_not_authorized', inquiry: false, final: true },
  dispute_fraudulent: { reason: 'fraudulent', inquiry: false },
  dispute_inquiry: { reason: 'fraudulent', inquiry: true },
  dispute_product_not_received: { reason: 'product_not_received', inquiry: false },
};

function complaintOf({ sandbox }: Charge): (typeof COMPLAINTS)[string] | undefined {
  return COMPLAINTS[sandbox.card?.behaviour ?? sandbox.bank?.behaviour ?? ''];
}

/** Called when a charge has become money: some cards' owners want it back at once, and of some their bank only warns. */
export function planDispute(ctx: Context, charge: Charge): void {
  if (charge.sandbox.card?.behaviour === 'fraud_warning') warnOfFraud(ctx, charge);
  if (!complaintOf(charge)) return;
  ctx.tx.put('job', {
    id: `dispute ${charge.id}`,
    dueMs: ctx.nowMs + ctx.settings.dispute_after_seconds * 1000,
    kind: 'open_dispute',
    subject: charge.id,
  });
}

/** Once for a charge, also where it is captured in parts. */
export function warnOfFraud(ctx: Context, { id, owner, payment_intent }: Charge): EarlyFraudWarning {
  for (const known of ctx.tx.where('early_fraud_warning', 'charge', id)) return known;
  const warning = ctx.tx.put('early_fraud_warning', {
    id: ctx.ids.owned('issfr', owner),
    owner,
    charge: id,
    created: ctx.now,
    fraud_type: 'made_with_stolen_card',
    payment_intent,
  });
  emit(ctx, 'radar.early_fraud_warning.created', 'early_fraud_warning', warning, owner);
  return warning;
}

export function disputePlanned(ctx: Context, chargeId: string): void {
  const complaint = complaintOf(ctx.tx.must('charge', chargeId));
  if (!complaint) return;
  if (!complaint.inquiry) failWaitingRefunds(ctx, chargeId);
  const charge = ctx.tx.must('charge', chargeId);
  const amount = refundable(charge);
  if (amount === 0) return;
  const dispute = openDispute(ctx, charge, { ...complaint, amount });
  if (complaint.final) endDispute(ctx, dispute, 'lost');
}

/** A recording of 2023 has the old one, those of 2026 have the new one. */
function prefixOf({ sandbox }: Charge): 'dp' | 'du' {
  return versionBefore(sandbox.version, '2023-10-17') ? 'dp' : 'du';
}

/** In whole days Stripe counts to the end of the last one, in UTC. */
function responseDue({ now, settings }: Context): number {
  const days = settings.dispute_response_seconds / DAY_SECONDS;
  return Number.isInteger(days) && days > 0
    ? midnightAfter(now, days) - 1
    : now + settings.dispute_response_seconds;
}

/** What has not been sent to the customer yet no longer is, once they have gone to their bank. */
export function failWaitingRefunds(ctx: Context, charge: string): void {
  for (const { id } of [...ctx.tx.where('refund', 'charge', charge)]) {
    if (ctx.tx.get('waiting_refund', id)) failRefund(ctx, id, 'charge_for_pending_refund_disputed');
  }
}

interface Complaint {
  reason: string;
  /** The bank only asks: nothing moves yet. */
  inquiry: boolean;
  amount: number;
}

export function openDispute(ctx: Context, charge: Charge, { reason, inquiry, amount }: Complaint): Dispute {
  const dueBy = responseDue(ctx);
  const dispute = ctx.tx.put('dispute', {
    id: ctx.ids.owned(prefixOf(charge), charge.owner),
    owner: charge.owner,
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: ctx.now,
    currency: charge.currency,
    evidence: {},
    evidence_details: { due_by: dueBy, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: inquiry,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  });
  ctx.tx.update('charge', charge.id, { disputed: true });
  ctx.tx.put('job', {
    id: `dispute due ${dispute.id}`,
    dueMs: dueBy * 1000,
    kind: 'expire_dispute',
    subject: dispute.id,
  });
  emit(ctx, 'charge.dispute.created', 'dispute', dispute, dispute.owner);
  closeReviews(ctx, charge.id, 'disputed');
  return inquiry ? dispute : withdrawFunds(ctx, dispute);
}

const OPEN: readonly DisputeStatus[] = [
  'needs_response',
  'under_review',
  'warning_needs_response',
  'warning_under_review',
];

export function isOpen({ status }: Dispute): boolean {
  return OPEN.includes(status);
}

/** Nothing of it has come back: seldom, its bank decides once more, for the merchant. */
export function isLostInWhole({ status, balance_transactions: entries }: Dispute): boolean {
  return status === 'lost' && entries.length === 1;
}

export function awaitsResponse({ status }: Dispute): boolean {
  return status === 'needs_response' || status === 'warning_needs_response';
}

const isInquiry = ({ status }: Dispute): boolean => status.startsWith('warning_');

/** What Stripe's test mode reads in `uncategorized_text`. */
const VERDICTS = ['winning_evidence', 'losing_evidence', 'escalate_inquiry_evidence'];

/** The evidence goes to the bank; certain texts make it decide soon; with any other it takes its time. */
export function submitEvidence(ctx: Context, before: Dispute): Dispute {
  const { evidence_details } = before;
  const submitted = ctx.tx.update('dispute', before.id, {
    evidence_details: { ...evidence_details, submission_count: evidence_details.submission_count + 1 },
    status: isInquiry(before) ? 'warning_under_review' : 'under_review',
  });
  if (VERDICTS.includes(submitted.evidence.uncategorized_text ?? '')) {
    ctx.tx.put('job', {
      id: `dispute decided ${before.id}`,
      dueMs: ctx.nowMs + ctx.settings.dispute_decision_seconds * 1000,
      kind: 'decide_dispute',
      subject: before.id,
    });
  }
  return submitted;
}

export function decideDispute(ctx: Context, id: string): void {
  const dispute = ctx.tx.must('dispute', id);
  if (!isOpen(dispute)) return;
  const text = dispute.evidence.uncategorized_text;
  if (isInquiry(dispute) && text === 'escalate_inquiry_evidence') escalate(ctx, dispute);
  else endDispute(ctx, dispute, text === 'winning_evidence' ? 'won' : 'lost');
}

/** The inquiry becomes a chargeback: now the money goes, and there is a new time to answer in. */
function escalate(ctx: Context, before: Dispute): Dispute {
  const dueBy = responseDue(ctx);
  const escalated = ctx.tx.update('dispute', before.id, {
    evidence_details: { ...before.evidence_details, due_by: dueBy },
    is_charge_refundable: false,
    status: 'needs_response',
  });
  ctx.tx.put('job', {
    id: `dispute due ${before.id}`,
    dueMs: dueBy * 1000,
    kind: 'expire_dispute',
    subject: before.id,
  });
  emit(ctx, 'charge.dispute.updated', 'dispute', escalated, escalated.owner);
  return withdrawFunds(ctx, escalated);
}

/** An inquiry just closes, whoever was right: nothing had moved. `returned`: what comes back of a dispute that is lost in part. */
export function endDispute(
  ctx: Context,
  before: Dispute,
  verdict: 'lost' | 'won',
  returned = verdict === 'won' ? before.amount : 0,
): Dispute {
  ctx.tx.delete('job', `dispute due ${before.id}`);
  const status = isInquiry(before) ? 'warning_closed' : verdict;
  const ended = ctx.tx.update('dispute', before.id, { is_charge_refundable: status !== 'lost', status });
  const settled = returned > 0 && status === verdict ? reinstateFunds(ctx, ended, returned) : ended;
  emit(ctx, 'charge.dispute.closed', 'dispute', settled, settled.owner);
  return settled;
}

/** Nobody answered the bank in time. */
export function expireDispute(ctx: Context, id: string): void {
  const dispute = ctx.tx.must('dispute', id);
  if (!awaitsResponse(dispute)) return;
  const late = ctx.tx.update('dispute', id, {
    evidence_details: { ...dispute.evidence_details, past_due: true },
  });
  endDispute(ctx, late, 'lost');
}

/** Whether the bank has taken the money, so that giving it back as well would pay twice. */
export function chargedBack(ctx: Context, chargeId: string): boolean {
  return [...ctx.tx.where('dispute', 'charge', chargeId)].some((one) => !one.is_charge_refundable);
}

/** A customer who has their money back has nothing more to ask. */
export function closeInquiries(ctx: Context, chargeId: string): void {
  for (const dispute of ctx.tx.where('dispute', 'charge', chargeId)) {
    if (isInquiry(dispute) && isOpen(dispute)) endDispute(ctx, dispute, 'lost');
  }
}
