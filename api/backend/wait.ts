import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { faultOf, NEXT_RUN_AGAIN_MS } from '../../temporal/faults.ts';
import { unlessGone } from '../../temporal/unless-gone.ts';

/** How long a read may take. */
export const READ_WITHIN_MS = 5_000;
/**
 * How long a workflow may take to accept a command: while a first quick attempt at Stripe runs (workflows/entity/perform.ts),
 * its workflow answers nothing.
 */
const ADMIT_WITHIN_MS = 10_000;

/** One update, in the two ways of waiting for it. Both may be called, since the update id makes them one. */
export interface UpdateCall<Answer> {
  /** Until its outcome. */
  execute(): Promise<Answer>;
  /** Until the workflow has accepted it. */
  admit(): Promise<unknown>;
}

/** Runs calls to Temporal under a deadline: without one, they wait indefinitely for a missing worker. */
export function within<T>(temporal: Client, ms: number, work: () => Promise<T>): Promise<T> {
  return unlessGone(temporal, () => temporal.connection.withDeadline(Date.now() + ms, work));
}

/** The same, and again while the workflow's next run is about to begin. */
async function withinRuns<T>(temporal: Client, ms: number, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    try {
      return await within(temporal, Math.max(until - Date.now(), 1), work);
    } catch (error) {
      if (faultOf(error)?.type !== 'next_run' || Date.now() >= until) throw error;
      await sleep(NEXT_RUN_AGAIN_MS);
    }
  }
}

const LATE: ReadonlySet<string | undefined> = new Set(['timeout', 'next_run']);

/** The result, or null if it did not come before its deadline; what becomes of it then is not known. */
export async function nullIfLate<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (LATE.has(faultOf(error)?.type)) return null;
    throw error;
  }
}

/**
 * Waits for an update's outcome as long as the caller likes, and beyond that only until it is sure that the workflow
 * has it: an update that no workflow accepted may be lost, and must not be reported as running. Null: it is running.
 */
export async function waitForAnswer<Answer>(
  temporal: Client,
  call: UpdateCall<Answer>,
  waitMs: number,
): Promise<Answer | null> {
  if (waitMs > 0) {
    const answer = await nullIfLate(withinRuns(temporal, waitMs, () => call.execute()));
    if (answer !== null) return answer;
  }
  await withinRuns(temporal, ADMIT_WITHIN_MS, () => call.admit());
  return null;
}
