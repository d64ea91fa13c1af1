import type { StripeFailure } from '../errors.ts';
import type { Operation } from '../ids.ts';

/** An operation on its way: neither its outcome is known, nor has it got stuck. */
export interface PendingOperation {
  readonly operation: Operation;
  readonly operationId: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Why its first attempt failed: it is being retried; null: that attempt is still running. */
  readonly failure: StripeFailure | null;
  /** Until when the workflow waits with the next attempt: milliseconds since the epoch. Null: it does not. */
  readonly nextAttemptAt?: number | null;
}
