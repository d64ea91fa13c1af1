import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Attempt } from '../backend/attempt.ts';
import type { PendingResource } from '../http/common.ts';
import { rfc3339 } from '../http/rfc3339.ts';

/** The operation on its way. `attempt`: what Temporal knows of its retries, where it was asked. */
export function presentPending(
  pending: PendingOperation | null,
  attempt: Attempt | null,
): PendingResource | null {
  if (!pending) return null;
  const error = attempt?.lastError ?? pending.failure;
  return {
    operation: pending.operation,
    since: rfc3339(pending.since),
    // The first attempt of all is not one of the retried activity's.
    attempt: attempt ? attempt.number + (pending.failure ? 1 : 0) : null,
    next_attempt_at: attempt?.nextAt == null ? null : rfc3339(attempt.nextAt),
    last_error: error && { code: error.code, message: error.message },
  };
}
