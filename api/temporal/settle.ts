import type { Client } from '@temporalio/client';
import { faultOf } from './errors.ts';

/** How long a read, or the mere acceptance of a command, may take. */
export const ANSWER_WITHIN_MS = 5_000;

/** One update, in the two ways of waiting for it. Both may be called, since the update id makes them one. */
export interface UpdateCall<Answer> {
  /** Until its outcome. */
  execute(): Promise<Answer>;
  /** Until the workflow has accepted it. */
  admit(): Promise<unknown>;
}

export type Settled<Answer> =
  | { readonly type: 'answered'; readonly answer: Answer }
  /** Accepted by the workflow, which will carry it out. */
  | { readonly type: 'running' };

/** Runs calls to Temporal under a deadline: without one, they wait for a missing worker for ever. */
export function within<T>(temporal: Client, ms: number, work: () => Promise<T>): Promise<T> {
  return temporal.connection.withDeadline(Date.now() + ms, work);
}

/**
 * Waits for an update's outcome as long as the caller likes, and beyond that only until it is sure that the workflow
 * has it: an update that no workflow accepted is lost with the connection, and must not be reported as running.
 */
export async function settle<Answer>(
  temporal: Client,
  call: UpdateCall<Answer>,
  waitMs: number,
): Promise<Settled<Answer>> {
  if (waitMs > 0) {
    try {
      return { type: 'answered', answer: await within(temporal, waitMs, () => call.execute()) };
    } catch (error) {
      if (faultOf(error)?.type !== 'timeout') throw error;
    }
  }
  await within(temporal, ANSWER_WITHIN_MS, () => call.admit());
  return { type: 'running' };
}
