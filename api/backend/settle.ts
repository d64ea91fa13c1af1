import type { Client } from '@temporalio/client';
import { faultOf } from '../../temporal/faults.ts';

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
  return temporal.connection.withDeadline(Date.now() + ms, work);
}

/** The result, or null if it did not come before its deadline; what becomes of it then is not known. */
export async function nullIfLate<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (faultOf(error)?.type === 'timeout') return null;
    throw error;
  }
}

/**
 * Waits for an update's outcome as long as the caller likes, and beyond that only until it is sure that the workflow
 * has it: an update that no workflow accepted may be lost, and must not be reported as running. Null: it is running.
 */
export async function settle<Answer>(
  temporal: Client,
  call: UpdateCall<Answer>,
  waitMs: number,
): Promise<Answer | null> {
  if (waitMs > 0) {
    const answer = await nullIfLate(within(temporal, waitMs, () => call.execute()));
    if (answer !== null) return answer;
  }
  await within(temporal, ADMIT_WITHIN_MS, () => call.admit());
  return null;
}
