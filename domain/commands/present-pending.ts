import { rfc3339 } from '../rfc3339.ts';
import type { PendingOperation } from './pending.ts';

/** How far an operation that is retried has come. */
interface Retried {
  readonly number: number;
  /** Milliseconds since the epoch; null: the attempt is running. */
  readonly nextAt: number | null;
  readonly lastError: { readonly code: string; readonly message: string } | null;
}

/** The operation on its way. `attempt`: what Temporal knows of its retries, where it was asked. */
export function presentPending(pending: PendingOperation | null, attempt: Retried | null = null) {
  if (!pending) return null;
  const error = attempt?.lastError ?? pending.failure;
  const nextAt = attempt ? attempt.nextAt : pending.nextAttemptAt;
  return {
    operation: pending.operation,
    since: rfc3339(pending.since),
    // The first attempt of all is not one of the retried activity's.
    attempt: attempt ? attempt.number + (pending.failure ? 1 : 0) : null,
    next_attempt_at: nextAt == null ? null : rfc3339(nextAt),
    last_error: error && { code: error.code, message: error.message },
  };
}
