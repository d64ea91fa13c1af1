import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { RawFailure } from '../../temporal/decode-failure.ts';
import { decodeFailure } from '../../temporal/decode-failure.ts';
import { msOf } from '../../temporal/timestamp.ts';
import { READ_WITHIN_MS, within } from './wait.ts';

/** How far Temporal has come with an operation that it retries. */
export interface Attempt {
  readonly number: number;
  /** Milliseconds since the epoch; null: the attempt is running. */
  readonly nextAt: number | null;
  readonly lastError: { readonly code: string; readonly message: string } | null;
}

/** Null: no operation is pending, or none of its attempts is Temporal's own yet. */
export async function attemptOf(
  temporal: Client,
  workflowId: string,
  pending: PendingOperation | null,
): Promise<Attempt | null> {
  if (!pending) return null;
  const handle = temporal.workflow.getHandle(workflowId);
  const { raw } = await within(temporal, READ_WITHIN_MS, () => handle.describe());
  // Events may be handed over at the same time.
  const activity = raw.pendingActivities?.find(
    ({ activityType }) => activityType?.name === pending.operation,
  );
  if (!activity) return null;
  const { attempt, nextAttemptScheduleTime: next, lastFailure } = activity;
  return {
    number: attempt ?? 1,
    nextAt: next ? msOf(next) : null,
    lastError: await errorOf(temporal, lastFailure),
  };
}

/** Stripe's own code stands in the details (stripe/failures.ts). */
async function errorOf(temporal: Client, failure: RawFailure): Promise<Attempt['lastError']> {
  const error = await decodeFailure(temporal, failure);
  if (!error) return null;
  const { type, details } = error instanceof ApplicationFailure ? error : {};
  const [detail] = (details ?? []) as { code?: string }[];
  return { code: detail?.code ?? type ?? error.name, message: error.message };
}
