import type { Balances } from '../money/money.ts';

/** Stripe's own statuses of a dispute; those that start with `warning_` are an inquiry, which moves no money. */
export const DISPUTE_STATUSES = [
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
  'needs_response',
  'under_review',
  'won',
  'lost',
  'appeal_needs_response',
  'appeal_under_review',
  'prevented',
] as const;
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];

export function isDisputeStatus(status: string): status is DisputeStatus {
  return (DISPUTE_STATUSES as readonly string[]).includes(status);
}

/** The customer's bank took the payment back, or asks about it. Times in milliseconds since the epoch. */
export interface Dispute {
  readonly id: string;
  readonly status: DisputeStatus;
  /** Minor units of `currency`, the charge's own: what is disputed. */
  readonly amount: number;
  /** Of that, what a dispute that was lost only in part has cost. Absent: all of it, once it is lost. */
  readonly amountLost?: number;
  readonly currency: string;
  readonly reason: string;
  readonly createdAt: number;
  /** Null: the bank takes no evidence. */
  readonly evidenceDueBy: number | null;
  readonly hasEvidence: boolean;
  readonly submissionCount: number;
  /** Whether Stripe still takes a refund of the charge, as it does for an inquiry. */
  readonly isChargeRefundable: boolean;
  /** How many balance transactions it has: they only become more, so that fewer are an older answer. */
  readonly movements: number;
  /** What is withdrawn from the platform for the customer; given back when the dispute is won. */
  readonly withdrawn: Balances;
  /** What Stripe charges for it, in the same way. */
  readonly fee: Balances;
  /** What it did to the platform's balance: the two above, taken away. */
  readonly platform: Balances;
}

/** How far a dispute has come. What is decided may be appealed against and decided again. */
const STAGE: Readonly<Record<DisputeStatus, number>> = {
  warning_needs_response: 0,
  warning_under_review: 1,
  warning_closed: 2,
  needs_response: 3,
  under_review: 4,
  won: 5,
  lost: 5,
  appeal_needs_response: 5,
  appeal_under_review: 5,
  prevented: 5,
};

/** Disputes after an answer of Stripe's. The last answer holds, unless it is seen to be older than what is known. */
export function applyDispute(known: readonly Dispute[], observed: Dispute): readonly Dispute[] {
  const before = known.find(({ id }) => id === observed.id);
  if (!before) return [...known, observed];
  if (isOlder(observed, before)) return known;
  return known.map((dispute) => (dispute.id === observed.id ? observed : dispute));
}

/** Money that moved, evidence that was submitted and stages that were reached only become more. */
function isOlder(observed: Dispute, known: Dispute): boolean {
  if (observed.movements !== known.movements) return observed.movements < known.movements;
  if (observed.submissionCount !== known.submissionCount)
    return observed.submissionCount < known.submissionCount;
  // A bank may ask once more, until a later time.
  const asksAnew = (observed.evidenceDueBy ?? 0) > (known.evidenceDueBy ?? 0);
  return STAGE[observed.status] < STAGE[known.status] && !asksAnew;
}

/** A bank's question before it takes anything. */
export function isInquiry({ status }: Dispute): boolean {
  return status.startsWith('warning_');
}

/** The platform is asked for evidence. */
export function needsResponse({ status }: Dispute): boolean {
  return status.endsWith('needs_response');
}

/** What a lost dispute has cost, in minor units of its own currency. */
export function amountLost({
  amount,
  amountLost: part = amount,
}: Pick<Dispute, 'amount' | 'amountLost'>): number {
  return part;
}

/** Not decided yet. */
export function isOpen({ status }: Dispute): boolean {
  return status.endsWith('needs_response') || status.endsWith('under_review');
}

/** The one to look at: the first to answer, otherwise the newest open one, otherwise the newest. */
export function currentDispute(disputes: readonly Dispute[]): Dispute | null {
  const [first] = disputes.filter(needsResponse).sort((a, b) => dueBy(a) - dueBy(b));
  return first ?? disputes.findLast(isOpen) ?? disputes.at(-1) ?? null;
}

/** The one that an answer is for. Null: no dispute has that id, or several are open and none is named. */
export function disputeToAnswer(disputes: readonly Dispute[], named: string | null = null): Dispute | null {
  if (named !== null) return disputes.find(({ id }) => id === named) ?? null;
  return disputes.filter(isOpen).length > 1 ? null : currentDispute(disputes);
}

function dueBy({ evidenceDueBy }: Dispute): number {
  return evidenceDueBy ?? Number.MAX_SAFE_INTEGER;
}
