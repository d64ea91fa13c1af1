import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { faultOf, NEXT_RUN_AGAIN_MS } from './faults.ts';
import { GRPC, grpcCodeOf } from './grpc-code.ts';
import { unlessGone } from './unless-gone.ts';
import { isBehind, WorkflowBehind } from './workflow-behind.ts';

/** How long a question may take, with all its repeats. */
const ASK_WITHIN_MS = 5_000;
/** Longer than an answer takes, unless the worker is in the middle of a quick first attempt at Stripe (workflows/entity/perform.ts). */
const AGAIN_AFTER_MS = 1_500;
/** Each time a worker reads the whole history. */
const BEHIND_AGAIN_MS = 250;
/** A deadline that this side set. */
const LATE: ReadonlySet<number | null> = new Set([GRPC.CANCELLED, GRPC.DEADLINE_EXCEEDED]);

/**
 * Asks workflows for what they know, within so many milliseconds, and asks again where no answer comes: a worker that lets an ended
 * workflow go from its memory loses the queries which wait for it there, and Temporal tells so only after half a minute. Nor does a
 * workflow answer whose next run or next task is about to begin.
 */
export function ask<T>(temporal: Client, question: () => Promise<T>, withinMs = ASK_WITHIN_MS): Promise<T> {
  return unlessGone(temporal, () => askAgain(temporal, question, withinMs));
}

async function askAgain<T>(temporal: Client, question: () => Promise<T>, withinMs: number): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const until = Math.min(Date.now() + AGAIN_AFTER_MS, end);
    try {
      return await temporal.connection.withDeadline(until, question);
    } catch (error) {
      if (until === end) throw isBehind(error) ? new WorkflowBehind() : error;
      if (isBehind(error)) await sleep(BEHIND_AGAIN_MS);
      else if (faultOf(error)?.type === 'next_run') await sleep(NEXT_RUN_AGAIN_MS);
      else if (!LATE.has(grpcCodeOf(error))) throw error;
    }
  }
}
