import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import pMap from 'p-map';
import type Stripe from 'stripe';
import { stripeAnswersSignal } from '../../contract/stripe-events.ts';
import { classify } from '../../stripe/errors.ts';
import { isFull } from '../../stripe-events/signal-workflow.ts';
import {
  awaitingStripe,
  countAwaitingStripe,
  stillAwaitingStripe,
} from '../../stripe-events/visible-state.ts';
import type { EvenPacer } from '../shared/even-pacer.ts';

/** The first ones show whether Stripe does that work again: the others wait for their success. */
const FIRST_BATCH = 2;
const BATCH_MAX = 64;
/** Signals on their way to Temporal at the same time. */
const AT_ONCE = 10;
/**
 * Longer than a call to Stripe takes until Temporal's lists show it, also on a machine that has just come back: what a pass leaves waits half
 * a minute for the next.
 */
const DONE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 250;
/** The next pass asks again. */
const READ = { timeout: 5_000, maxNetworkRetries: 0 } as const;

export interface ResumeDeps {
  readonly stripe: Stripe;
  readonly temporal: Client;
  /** How many workflows are resumed in a second. */
  readonly pace: EvenPacer;
  readonly signal: AbortSignal;
}

/** What a pass came to; for whoever looks at it in Temporal's UI. */
export interface Resumed {
  /** Workflows that waited for Stripe when it began. */
  readonly waiting: number;
  readonly resumed: number;
}

/**
 * Resumes what waits for Stripe; as long as Stripe is away, that is counted and not listed. Each kind of work begins with two workflows,
 * chosen at random, and goes on with twice as many as long as at least half of them come to an end: so an outage of that kind alone, or
 * one that is not over, costs Stripe two tries a pass.
 */
export async function resumeAwaiting(deps: ResumeDeps): Promise<Resumed> {
  const waiting = await countAwaitingStripe(deps.temporal);
  if (waiting === 0 || !(await answers(deps.stripe))) return { waiting, resumed: 0 };
  const groups = [...(await awaitingStripe(deps.temporal)).values()];
  const resumed = await Promise.all(groups.map((ids) => resumeInBatches(deps, shuffled(ids))));
  return { waiting, resumed: resumed.reduce((sum, count) => sum + count, 0) };
}

async function resumeInBatches(deps: ResumeDeps, ids: readonly string[]): Promise<number> {
  let done = 0;
  for (let size = FIRST_BATCH; done < ids.length; size = Math.min(size * 2, BATCH_MAX)) {
    const batch = ids.slice(done, done + size);
    await pMap(batch, (id) => resume(deps, id), { concurrency: AT_ONCE });
    done += batch.length;
    if (!(await mostGoOn(deps, batch))) break;
  }
  return done;
}

async function resume({ temporal, pace }: ResumeDeps, workflowId: string): Promise<void> {
  await pace.acquire();
  try {
    await temporal.workflow.getHandle(workflowId).signal(stripeAnswersSignal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError || isFull(error))) throw error;
  }
}

async function mostGoOn({ temporal, signal }: ResumeDeps, batch: readonly string[]): Promise<boolean> {
  for (const endsAt = performance.now() + DONE_WITHIN_MS; performance.now() < endsAt; ) {
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    if ((await stillAwaitingStripe(temporal, batch)) <= batch.length / 2) return true;
  }
  return false;
}

/** Whether Stripe answers, and takes the key. */
async function answers(stripe: Stripe): Promise<boolean> {
  try {
    await stripe.events.list({ limit: 1 }, READ);
    return true;
  } catch (error) {
    classify(error);
    return false;
  }
}

/** So that the same few do not stand for all others each time. */
function shuffled(ids: readonly string[]): string[] {
  return ids
    .map((id) => ({ id, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ id }) => id);
}
