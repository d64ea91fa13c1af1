import type { Notice } from '../attention/notice.ts';
import type { Approval } from '../commands/approval.ts';
import { rfc3339 } from '../rfc3339.ts';
import type { Need } from './needs.ts';

/** What somebody has to look at first; null: nothing. `nextAttemptAt`: milliseconds since the epoch; null: none, or a summary does not know. */
export function presentNeed(need: Need | null, nextAttemptAt: number | null = null) {
  return (
    need && {
      operation: need.operation,
      code: need.code,
      subject: need.subject,
      message: need.message,
      stripe_request_id: need.stripeRequestId,
      since: rfc3339(need.since),
      deadline: need.deadline === null ? null : rfc3339(need.deadline),
      next_attempt_at: nextAttemptAt === null ? null : rfc3339(nextAttemptAt),
      allowed_actions: [...need.allowedActions],
    }
  );
}

export function presentNotice(notice: Notice) {
  return {
    code: notice.code,
    subject: notice.subject,
    message: notice.message,
    since: rfc3339(notice.since),
    deadline: notice.deadline === null ? null : rfc3339(notice.deadline),
    allowed_actions: [...notice.allowedActions],
    acknowledged_by: notice.acknowledgedBy,
  };
}

/** A command that waits for another person. */
export function presentApproval({ id, what, amount, currency, command, since, expiresAt }: Approval) {
  return {
    id,
    command: what,
    amount,
    currency,
    requested_by: command.actor,
    requested: rfc3339(since),
    expires: rfc3339(expiresAt),
  };
}
