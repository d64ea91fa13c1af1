import type { Metadata } from './metadata.ts';

export type DisputeStatus =
  | 'lost'
  | 'needs_response'
  | 'under_review'
  | 'warning_closed'
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'won';

export interface Dispute {
  id: string;
  owner: string;
  amount: number;
  /** Ids: the withdrawal, then what came back. */
  balance_transactions: string[];
  charge: string;
  created: number;
  currency: string;
  /** Text, and ids of files, under Stripe's names; only what was given. */
  evidence: Record<string, string>;
  evidence_details: {
    due_by: number | null;
    has_evidence: boolean;
    past_due: boolean;
    submission_count: number;
  };
  is_charge_refundable: boolean;
  metadata: Metadata;
  payment_intent: string | null;
  reason: string;
  status: DisputeStatus;
}

/** A card network's report that a charge is fraudulent. */
export interface EarlyFraudWarning {
  id: string;
  owner: string;
  charge: string;
  created: number;
  fraud_type: string;
  payment_intent: string | null;
}

export const CLOSED_REASONS = [
  'acknowledged',
  'approved',
  'canceled',
  'disputed',
  'payment_never_settled',
  'redacted',
  'refunded',
  'refunded_as_fraud',
] as const;
export type ClosedReason = (typeof CLOSED_REASONS)[number];

/** Radar, or a person, wants somebody to look whether a charge is fraud. */
export interface Review {
  id: string;
  owner: string;
  charge: string;
  /** Null: it is open. */
  closed_reason: ClosedReason | null;
  created: number;
  opened_reason: 'manual' | 'rule';
  payment_intent: string | null;
}

export interface StoredFile {
  id: string;
  owner: string;
  created: number;
  filename: string | null;
  purpose: string;
  size: number;
  title: string | null;
  type: string | null;
}
