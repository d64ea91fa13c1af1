import type { ResolveAction } from './attention.ts';

/** What people have to look at though nothing is stuck: the order takes commands meanwhile. */
type NoticeCode =
  | 'approval_needed'
  | 'account_restricted'
  | 'capture_expiring'
  | 'reauthorization_failed'
  | 'early_fraud_warning'
  | 'payment_in_review'
  | 'dispute_needs_response'
  | 'given_back_twice'
  | 'recovery_pending'
  | 'recovery_refused'
  | 'recovered_and_won'
  | 'lost_again'
  | 'recovered_too_much'
  | 'refund_unfunded'
  | 'refund_requires_action'
  | 'settlement_missing'
  | 'processing_overdue'
  | 'reading_failed'
  | 'refund_failed'
  | 'charge_failed'
  | 'payout_overdue';

export type NoticeAction = Extract<
  ResolveAction,
  'acknowledge' | 'retry' | 'abandon' | 'approve' | 'decline'
>;

/** `deadline`, `since`: milliseconds since the epoch. */
export interface Notice {
  readonly code: NoticeCode;
  /** The Stripe object that it is about, or the approval. */
  readonly subject: string;
  readonly message: string;
  readonly since: number;
  /** When it is too late. */
  readonly deadline: number | null;
  readonly allowedActions: readonly NoticeAction[];
  /** Who has acknowledged it. The notice stays until its cause is gone, but is off the lists. */
  readonly acknowledgedBy: string | null;
}

export type Due = Omit<Notice, 'since' | 'acknowledgedBy'>;
