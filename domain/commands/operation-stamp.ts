import type { KeyDayLimits } from '../limits/day-limits.ts';

/** What distinguishes an operation from every other one of the same order, account or payout. */
export interface OperationStamp {
  readonly operationId: string;
  /** Rises only after a proven failure or an operator's decision. */
  readonly generation: number;
  /** Milliseconds since the epoch of the first intent: Stripe may forget the idempotency key a day later. */
  readonly requestedAt: number;
  /** The API request, or the signal, that asked for it: for logs. */
  readonly requestId?: string;
  /** Of the API key that asked for it; absent: no key limits it. */
  readonly perDay?: KeyDayLimits;
  /** What Stripe expands in its answer, pinned by the workflow when it first asks. */
  readonly expand?: readonly string[];
}

/** What distinguishes the request that creates an object from every other request for the same id. */
export interface CreationStamp {
  /** Hash of the caller's request. It is kept at Stripe, where it outlives Temporal's retention. */
  readonly requestHash: string;
  /** None before it can have left anything at Stripe. */
  readonly isFirstAttempt?: true;
}

/** Metadata key of an order's payment, a transfer, a payout or an account: the hash of the request that created it. */
export const REQUEST_HASH = 'waybill_request';
