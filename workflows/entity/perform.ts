import type { Priority } from '@temporalio/common';
import {
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Activities, OperationActivities } from '../../activities/index.ts';
import { wholeOutcome } from '../../contract/brief-outcomes.ts';
import type {
  OperationName,
  OperationOf,
  OperationOutcome,
  StripeOperation,
} from '../../contract/operations.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { OperationStamp } from '../../domain/commands/operation-stamp.ts';
import type { StripeFailure } from '../../domain/errors.ts';
import { STRIPE_KEY_REFUSED, STRIPE_NEEDS_ATTENTION, STRIPE_RETRYABLE } from '../../domain/errors.ts';
import { backoffMs, MINUTE_MS, SECOND_MS, workflowNow } from '../shared/time.ts';

/** An operation without an outcome after its retries. `transient`: repeating it later may help. */
export interface Stuck {
  readonly type: 'stuck';
  readonly failure: StripeFailure;
  readonly transient: boolean;
  /** Of the idempotency key to use next, where earlier ones are spent. */
  readonly generation?: number;
  /** Stripe refused the API key: another one may help. */
  readonly keyRefused?: true;
  /** An attempt that was not waited for to its end may still reach Stripe until then. Milliseconds since the epoch. */
  readonly mayRunUntil?: number;
  /** Not to be repeated before, in milliseconds. */
  readonly retryInMs?: number;
}

/** `generation`: of the idempotency key that it ended under, where earlier ones are spent. */
export type Ended = OperationOutcome & { readonly generation?: number };

/** How long to retry what nobody waits for, or an operator does: enough for a few attempts. */
export const SHORT_BUDGET_MS = MINUTE_MS;

/**
 * A first attempt without a round trip through the server. Shorter than a workflow task, so that it never extends one;
 * what takes longer continues as an ordinary activity, which Temporal's UI shows as pending.
 */
function localActivities(summary: string): Activities {
  return proxyLocalActivities<Activities>({
    startToCloseTimeout: '3 seconds',
    retry: { maximumAttempts: 1 },
    summary,
  });
}

/** Stripe's own limit on one call is 25 s (stripe/client.ts); an activity may make two or three. */
const START_TO_CLOSE_MS = 80 * SECOND_MS;
/** A killed worker's activity goes to another worker after this (worker/heartbeats.ts). */
export const HEARTBEAT_WITHIN = '10 seconds';

/** Somebody waits for what is not a start: it goes before starts that are retried. Lower is sooner; 3 is usual. */
const SOONER = { priorityKey: 2 };
const STARTS: ReadonlySet<StripeOperation['operation']> = new Set(['authorize', 'create_account']);

/**
 * The first attempt of an operation that is not quick: durable before Stripe is asked, and not retried, so that the
 * workflow learns of a failure.
 */
function once(summary: string): Activities {
  return proxyActivities<Activities>({
    startToCloseTimeout: START_TO_CLOSE_MS,
    heartbeatTimeout: HEARTBEAT_WITHIN,
    retry: { maximumAttempts: 1 },
    priority: SOONER,
    summary,
  });
}

/** As long as between attempts under one key (worker/retry-delays.ts). */
const NEW_KEY_WAIT_MAX_MS = 45 * SECOND_MS;

/**
 * Only operations whose effect is found again without their caller: it shows on the PaymentIntent, or the workflow's
 * own start made the intent durable.
 */
const QUICK: ReadonlySet<StripeOperation['operation']> = new Set([
  'authorize',
  'capture',
  'create_account',
  'connect_account',
]);

/**
 * One of several captures leaves the payment authorized, so nobody would look for its effect. Nor could the last be
 * repeated as it was: its share depends on those before.
 */
function isQuick(operation: StripeOperation): boolean {
  const isOneOfSeveral = operation.operation === 'capture' && (!operation.final || operation.share);
  return QUICK.has(operation.operation) && !isOneOfSeveral;
}

/** How far an operation has come. */
export interface Progress {
  /** Called with the first attempt's failure; the operation is retried. */
  onDelay(failure: StripeFailure): void;
  /** Called with when the next attempt comes, in milliseconds since the epoch; null: it is running. */
  onWait(nextAttemptAt: number | null): void;
}

interface HowToPerform extends Partial<Progress> {
  /** How long it is retried. */
  readonly budgetMs: number;
  /** One line for Temporal's UI. */
  readonly summary: string;
  /** Stripe was never asked for it. */
  readonly isNew?: boolean;
}

/**
 * Repeats an operation until it has an outcome, or the budget ends. Where Stripe keeps a failure under the idempotency key, it goes on under
 * the next one: at once under the first, which may only replay what has been mended since, and then at growing distances.
 */
export async function perform(operation: StripeOperation, how: HowToPerform): Promise<Ended | Stuck> {
  const until = workflowNow() + how.budgetMs;
  for (let newKeys = 0; ; newKeys++) {
    const generation = operation.generation + newKeys;
    const isNew = how.isNew === true && newKeys === 0;
    const budgetMs = Math.max(until - workflowNow(), SECOND_MS);
    const outcome = await performOnce({ ...operation, generation }, { ...how, isNew, budgetMs });
    if (isStuck(outcome)) return { ...outcome, generation };
    if (outcome.type !== 'key_spent') return newKeys > 0 ? { ...outcome, generation } : outcome;
    const waitMs = newKeys === 0 ? 0 : backoffMs(newKeys - 1, SECOND_MS, NEW_KEY_WAIT_MAX_MS);
    if (workflowNow() + waitMs >= until) return failedUnder(generation + 1, newKeys + 1);
    if (waitMs > 0) await wait(waitMs, `Try under a new idempotency key: ${how.summary}`, how);
  }
}

async function wait(ms: number, summary: string, { onWait }: Partial<Progress>): Promise<void> {
  onWait?.(workflowNow() + ms);
  await sleep(ms, { summary });
  onWait?.(null);
}

function failedUnder(generation: number, keys: number): Stuck {
  const message = `Stripe failed under each of ${keys} idempotency keys`;
  return {
    type: 'stuck',
    transient: true,
    generation,
    failure: { code: 'stripe_failing', message, stripeRequestId: null },
  };
}

/** What distinguishes the operation of a command, at its first attempt, from every other one of the same entity. */
export function newStamp({ commandId }: Pick<CommandEnvelope, 'commandId'>): OperationStamp {
  return { operationId: commandId, generation: 0, requestedAt: workflowNow() };
}

/** Asks for something that is harmless to repeat, such as a read, until it is answered or the budget ends. */
export function ask<T>(
  summary: string,
  question: (activities: Activities) => Promise<T>,
  budgetMs = SHORT_BUDGET_MS,
): Promise<T | Stuck> {
  return orStuck(() => question(activities(budgetMs, summary)));
}

async function performOnce(
  operation: StripeOperation,
  { budgetMs, summary, isNew, ...progress }: HowToPerform,
): Promise<OperationOutcome | Stuck> {
  const asked =
    isNew && 'requestHash' in operation ? { ...operation, isFirstAttempt: true as const } : operation;
  const first = await orStuck(() =>
    dispatch((isQuick(operation) ? localActivities : once)(summary), asked.operation, asked),
  );
  if (!isStuck(first) || !first.transient) return first;
  progress.onDelay?.(first.failure);
  if (first.retryInMs) await wait(first.retryInMs, `Try again: ${summary}`, progress);
  const priority = STARTS.has(operation.operation) ? {} : SOONER;
  const retried = activities(budgetMs, summary, priority);
  const last = await orStuck(() => dispatch(retried, operation.operation, operation));
  if (!isStuck(last)) return last;
  // A budget that ends during a call gives no reason; the first attempt did.
  const { failure } = last.failure.code === 'no_answer' ? first : last;
  const mayRunUntil = last.mayRunUntil ?? first.mayRunUntil;
  return { ...last, failure, ...(mayRunUntil === undefined ? {} : { mayRunUntil }) };
}

/** The activity of an operation has its name. */
async function dispatch<Name extends OperationName>(
  activities: OperationActivities,
  name: Name,
  operation: OperationOf<Name>,
): Promise<OperationOutcome> {
  return wholeOutcome(await activities[name](operation));
}

/** Ordinary activities: durable before Stripe is asked, retried by the server. */
function activities(budgetMs: number, summary: string, priority: Priority = {}): Activities {
  return proxyActivities<Activities>({
    startToCloseTimeout: START_TO_CLOSE_MS,
    heartbeatTimeout: HEARTBEAT_WITHIN,
    scheduleToCloseTimeout: budgetMs,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    priority,
    summary,
  });
}

/** What was read may have a `type` or a `failure` of its own. */
export function isStuck(found: unknown): found is Stuck {
  return typeof found === 'object' && found !== null && 'type' in found && found.type === 'stuck';
}

/** Whether the cause may go away: an outage ends, a key is replaced. */
export function mayPass({ transient, keyRefused }: Stuck): boolean {
  return transient || keyRefused === true;
}

export async function orStuck<T>(call: () => Promise<T>): Promise<T | Stuck> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
    return stuckBy(error);
  }
}

/**
 * Stripe's failure may be anywhere in the chain of causes: an ordinary activity wraps it, a timeout may come before
 * it, and a local activity's failure comes bare.
 */
function stuckBy(error: TemporalFailure): Stuck {
  const late =
    error.cause instanceof TimeoutFailure ? { mayRunUntil: workflowNow() + START_TO_CLOSE_MS } : {};
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof ApplicationFailure)) continue;
    const known = cause.type === STRIPE_RETRYABLE;
    const retryInMs = known ? (cause.details?.[1] as number | undefined) : undefined;
    const failure = failureOf(cause);
    return {
      type: 'stuck',
      failure,
      transient: !cause.nonRetryable,
      ...late,
      ...(cause.type === STRIPE_KEY_REFUSED ? { keyRefused: true as const } : {}),
      ...(retryInMs ? { retryInMs } : {}),
    };
  }
  const message = error.cause?.message ?? error.message;
  const failure = { code: 'no_answer', message, stripeRequestId: null };
  return { type: 'stuck', transient: true, ...late, failure };
}

const TYPES_OF_STRIPE: ReadonlySet<string> = new Set([
  STRIPE_RETRYABLE,
  STRIPE_KEY_REFUSED,
  STRIPE_NEEDS_ATTENTION,
]);

function failureOf(failure: ApplicationFailure): StripeFailure {
  const { type, message, nonRetryable } = failure;
  if (type && TYPES_OF_STRIPE.has(type)) return failure.details?.[0] as StripeFailure;
  return nonRetryable ? bugIn(failure) : { code: 'no_answer', message, stripeRequestId: null };
}

function bugIn({ type, message }: ApplicationFailure): StripeFailure {
  return { code: 'unexpected_failure', message: `${type ?? 'Error'}: ${message}`, stripeRequestId: null };
}
