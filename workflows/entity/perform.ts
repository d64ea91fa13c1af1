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
import type {
  OperationName,
  OperationOf,
  OperationOutcome,
  StripeOperation,
} from '../../contract/operations.ts';
import type { StripeFailure } from '../../domain/errors.ts';
import { STRIPE_NEEDS_ATTENTION, STRIPE_RETRYABLE } from '../../domain/errors.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import type { ObservationRequest } from '../../domain/orders/observation.ts';
import { SECOND_MS } from '../shared/time.ts';

/** An operation that could not be brought to an end within its retries. `transient`: repeating it later may help. */
export interface Stuck {
  readonly type: 'stuck';
  readonly failure: StripeFailure;
  readonly transient: boolean;
  /** Of the idempotency key to go on with, where earlier ones turned out to be spent. */
  readonly generation?: number;
  /** The budget ended while an attempt ran, which may still reach Stripe. */
  readonly mayStillRun?: true;
  /** Not to be repeated before, in milliseconds. */
  readonly retryInMs?: number;
}

/** How hard to try before giving up on an answer, in milliseconds. */
export interface RetryBudget {
  readonly budgetMs: number;
}

/**
 * A first attempt that costs no round trip through the server. Shorter than a workflow task, so that it never has to
 * be extended; what takes longer goes on as an ordinary activity, which Temporal's UI shows as pending.
 */
const localActivities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
});

/** Stripe's own limit on one call is 25 s (stripe/client.ts); an activity may make two or three. */
export const START_TO_CLOSE_MS = 80 * SECOND_MS;
/** A killed worker's activity goes to another worker after this (worker/heartbeats.ts). */
export const HEARTBEAT_WITHIN = '10 seconds';

/** The first attempt of an operation that is not quick: durable before Stripe is asked. The workflow learns whether it failed. */
const once = proxyActivities<Activities>({
  startToCloseTimeout: START_TO_CLOSE_MS,
  heartbeatTimeout: HEARTBEAT_WITHIN,
  retry: { maximumAttempts: 1 },
});

const NEW_KEYS_MAX = 5;

/**
 * What may be tried quickly: whose effect is found again without the caller. It shows on the PaymentIntent, or its intent is
 * durable with the workflow's own start.
 */
const QUICK: ReadonlySet<StripeOperation['operation']> = new Set([
  'authorize',
  'capture',
  'create_account',
  'connect_account',
]);

/**
 * One of several captures leaves the payment as it was, authorized: nobody would look for it. Nor could the last of them be asked
 * for again as it was: the share that it names is made of what came before.
 */
function isQuick(operation: StripeOperation): boolean {
  const isOneOfSeveral = operation.operation === 'capture' && (!operation.final || operation.share);
  return QUICK.has(operation.operation) && !isOneOfSeveral;
}

/** Hears why the first attempt failed; the operation is retried. */
type OnDelay = (failure: StripeFailure) => void;

/**
 * Brings an operation to its outcome, however often Stripe has to be asked; or says why it could not. `isNew`: Stripe was never asked
 * for it.
 */
export async function perform(
  operation: StripeOperation,
  budget: RetryBudget,
  onDelay: OnDelay = () => {},
  isNew = false,
): Promise<OperationOutcome | Stuck> {
  for (let newKeys = 0; newKeys <= NEW_KEYS_MAX; newKeys++) {
    const generation = operation.generation + newKeys;
    const outcome = await performOnce({ ...operation, generation }, budget, onDelay, isNew && newKeys === 0);
    if (isStuck(outcome)) return { ...outcome, generation };
    if (outcome.type !== 'key_spent') return outcome;
  }
  const message = `Stripe failed ${NEW_KEYS_MAX + 1} times, under a new idempotency key each time`;
  return {
    type: 'stuck',
    transient: true,
    generation: operation.generation + NEW_KEYS_MAX + 1,
    failure: { code: 'stripe_failing', message, stripeRequestId: null },
  };
}

/** Whether the operation took effect, looked up without its key; null: it did not. */
export function findEffect(
  operation: StripeOperation,
  budget: RetryBudget,
): Promise<OperationOutcome | Stuck | null> {
  return orStuck(() => activities(budget).findEffect(operation));
}

/** Whether that Stripe object is the operation's effect; null: it is not. */
export function verifyEffect(operation: StripeOperation, stripeId: string, budget: RetryBudget) {
  return orStuck(() => activities(budget).verifyEffect(operation, stripeId));
}

/** The payment as Stripe knows it now, with what others did to it. */
export function observePayment(request: ObservationRequest, budget: RetryBudget) {
  return orStuck(() => activities(budget).observePayment(request));
}

/** What is left of a transfer. */
export function readTransfer(transfer: string, budget: RetryBudget) {
  return orStuck(() => activities(budget).readTransfer(transfer));
}

/** The account as Stripe shows it now; null: the platform no longer has access to it. */
export function readAccount(account: string, budget: RetryBudget) {
  return orStuck(() => activities(budget).readAccount(account));
}

/** Tells the orders that wait for their capture; null once it is done. */
export function signalOrders(notice: AccountNotice, budget: RetryBudget): Promise<Stuck | null> {
  return orStuck(async () => {
    await activities(budget).signalOrders(notice);
    return null;
  });
}

/** The payout of a connected account as Stripe knows it now. */
export function readPayout(connectedAccount: string, payout: string, budget: RetryBudget) {
  return orStuck(() => activities(budget).readPayout(connectedAccount, payout));
}

/** What a connected account has of one currency, and what is pending. */
export function readFunds(connectedAccount: string, currency: string, budget: RetryBudget) {
  return orStuck(() => activities(budget).readFunds(connectedAccount, currency));
}

async function performOnce(
  operation: StripeOperation,
  budget: RetryBudget,
  onDelay: OnDelay,
  isNew: boolean,
): Promise<OperationOutcome | Stuck> {
  const asked =
    isNew && 'requestHash' in operation ? { ...operation, isFirstAttempt: true as const } : operation;
  const first = await orStuck(() =>
    dispatch(isQuick(operation) ? localActivities : once, asked.operation, asked),
  );
  if (!isStuck(first) || !first.transient) return first;
  onDelay(first.failure);
  if (first.retryInMs) await sleep(first.retryInMs);
  const last = await orStuck(() => dispatch(activities(budget), operation.operation, operation));
  // A budget that ends while Stripe is being asked says nothing; the first attempt said why.
  return isStuck(last) && last.failure.code === 'no_answer' ? { ...last, failure: first.failure } : last;
}

/** The activity of an operation has its name. */
function dispatch<Name extends OperationName>(
  activities: OperationActivities,
  name: Name,
  operation: OperationOf<Name>,
): Promise<OperationOutcome> {
  return activities[name](operation);
}

/** Ordinary activities: durable before Stripe is asked, retried by the server. */
function activities({ budgetMs }: RetryBudget): Activities {
  return proxyActivities<Activities>({
    startToCloseTimeout: START_TO_CLOSE_MS,
    heartbeatTimeout: HEARTBEAT_WITHIN,
    scheduleToCloseTimeout: budgetMs,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}

/** Whether there is a failure in place of what was read. What was read may have a `type` or a `failure` of its own. */
export function isStuck(found: object | null): found is Stuck {
  return found !== null && 'type' in found && found.type === 'stuck';
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
 * What Stripe said stands somewhere down the chain of causes: an ordinary activity wraps it, a timeout may stand before
 * it, and a local activity's failure comes bare.
 */
function stuckBy(error: TemporalFailure): Stuck {
  const late = error.cause instanceof TimeoutFailure ? { mayStillRun: true as const } : {};
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
      ...(retryInMs ? { retryInMs } : {}),
    };
  }
  const message = error.cause?.message ?? error.message;
  const failure = { code: 'no_answer', message, stripeRequestId: null };
  return { type: 'stuck', transient: true, ...late, failure };
}

function failureOf(failure: ApplicationFailure): StripeFailure {
  const { type, message, nonRetryable } = failure;
  if (type === STRIPE_RETRYABLE || type === STRIPE_NEEDS_ATTENTION)
    return failure.details?.[0] as StripeFailure;
  return nonRetryable ? bugIn(failure) : { code: 'no_answer', message, stripeRequestId: null };
}

function bugIn({ type, message }: ApplicationFailure): StripeFailure {
  return { code: 'unexpected_failure', message: `${type ?? 'Error'}: ${message}`, stripeRequestId: null };
}
