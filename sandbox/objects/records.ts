/** What the sandbox keeps for itself: answers to replay, things that are due, and its own counters. */

import type { Adjustable } from '../core/settings.ts';

export interface StripeEvent {
  id: string;
  owner: string;
  api_version: string;
  created: number;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

export interface IdempotencyRecord {
  id: string;
  created: number;
  fingerprint: string;
  /** Of the endpoint the key was first used for. */
  path: string;
  status: number;
  body: string;
  headers: Record<string, string>;
  requestId: string;
}

export type JobKind =
  | 'advance_payout'
  | 'complete_refund'
  | 'decide_dispute'
  | 'expire_authorization'
  | 'expire_dispute'
  | 'fail_refund'
  | 'finish_debit'
  | 'fund_refunds'
  | 'open_dispute'
  | 'pass_deadline'
  | 'pay_out'
  | 'refer_refund'
  | 'retry_webhook'
  | 'return_refund'
  | 'settle_balance'
  | 'settle_charge'
  | 'verify_account';

export interface Job {
  id: string;
  dueMs: number;
  kind: JobKind;
  subject: string;
}

/** Pending money of one account that becomes available at one midnight. */
export interface Settlement {
  id: string;
  account: string;
  currency: string;
  amount: number;
}

export interface Meta {
  id: 'meta';
  counter: number;
  clockOffsetMs: number;
  seed: string;
  /** What was changed of the settings. */
  settings: Partial<Adjustable>;
}
