import type { ApplicationFailure } from '@temporalio/common';
import type { NotClaimed, OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import { problem } from '../../domain/errors.ts';
import { idempotencyKey, isNamedByCaller } from '../../domain/ids.ts';
import type { PaymentFacts } from '../../domain/orders/payment.ts';
import type { ClassifiedError } from '../../stripe/errors.ts';
import { classify } from '../../stripe/errors.ts';
import { keyRefused, needsAttention, retryable } from '../../stripe/failures.ts';

/** How one operation is done at Stripe, and how its effect is found again. */
export interface Handlers {
  /** Asks Stripe, under the operation's idempotency key. */
  readonly call: (idempotencyKey: string) => Promise<OperationOutcome>;
  /**
   * Looks for what an earlier request created under the same id, which only Stripe may still know; null: nothing.
   * Absent where the operation creates nothing that its caller names.
   */
  readonly findCreated?: () => Promise<OperationOutcome | null>;
  /** Looks for the effect without the key; null: it did not happen. */
  readonly findEffect: () => Promise<OperationOutcome | null>;
  /** The same, for an object that an operator names, which becomes this operation's; null: that is not its effect. */
  readonly verify: (stripeId: string) => Promise<OperationOutcome | NotClaimed | null>;
  /** The payment as it is now, where a refusal may mean that it changed under us. */
  readonly readPayment?: () => Promise<PaymentFacts>;
  /** Turns a decline into its outcome. */
  readonly onDecline?: (error: unknown, classified: ClassifiedError) => OperationOutcome;
}

/**
 * Stripe may forget an idempotency key after 24 hours; an operation older than this is looked up before it is
 * repeated.
 */
export const KEY_TRUSTED_MS = 23 * 60 * 60 * 1000;

/**
 * Runs one mutating call so that it takes effect at most once. Throws an ApplicationFailure of type
 * `StripeRetryable` (repeat it unchanged), `StripeKeyRefused` (repeat it once the key is replaced) or `StripeNeedsAttention` (a human
 * must look).
 */
export async function runOnce(
  operation: StripeOperation,
  now: number,
  handlers: Handlers,
): Promise<OperationOutcome> {
  const created = handlers.findCreated && (await retryableRead(handlers.findCreated));
  if (created) {
    const isRepeat = 'requestHash' in operation && operation.isFirstAttempt && created.type !== 'refused';
    return isRepeat ? { ...created, fromEarlierRequest: true } : created;
  }
  if (now - operation.requestedAt > KEY_TRUSTED_MS) {
    const found = await retryableRead(handlers.findEffect);
    if (found) return found;
  }
  try {
    return await handlers.call(idempotencyKey(operation));
  } catch (error) {
    return outcomeOf(operation, error, handlers);
  }
}

/** Reads from Stripe; a failure is thrown as the same ApplicationFailures. */
export async function retryableRead<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw failureOfRead(classify(error));
  }
}

export function failureOfRead(classified: ClassifiedError): ApplicationFailure {
  switch (classified.retryClass) {
    case 'retry':
    case 'failed_under_key':
      return retryable(classified);
    case 'key_refused':
      return keyRefused(classified.failure);
    default:
      return needsAttention(classified.failure);
  }
}

async function outcomeOf(
  operation: StripeOperation,
  error: unknown,
  handlers: Handlers,
): Promise<OperationOutcome> {
  const classified = classify(error);
  switch (classified.retryClass) {
    case 'retry':
      throw retryable(classified);
    case 'failed_under_key':
      return afterFailureUnderKey(classified, handlers);
    case 'declined':
      if (handlers.onDecline) return handlers.onDecline(error, classified);
      return refused(classified, null);
    case 'unexpected_state':
      return afterUnexpectedState(classified, handlers);
    case 'account_restricted':
    case 'refused':
      return afterRefusal(operation, classified, handlers);
    case 'key_refused':
      throw keyRefused(classified.failure);
    case 'attention':
      throw needsAttention(classified.failure);
  }
}

/**
 * Stripe stores an answer once execution began, a 500 too, and replays it: repeating the key alone would never end.
 * If the stored answer is a failure and there is no effect, the key is spent and a new one is safe.
 */
async function afterFailureUnderKey(
  classified: ClassifiedError,
  handlers: Handlers,
): Promise<OperationOutcome> {
  const found = await retryableRead(handlers.findEffect);
  if (found) return found;
  if (classified.replayed) return { type: 'key_spent', stripeRequestId: classified.failure.stripeRequestId };
  throw retryable(classified);
}

/**
 * The key was used with other parameters. To create a payment, or a transfer without an order, it is made of the caller's own key, and the
 * caller used that twice; unless it was this very order, whose default payment method has changed since. Any other key is ours alone.
 */
async function afterKeyReused(
  operation: StripeOperation,
  classified: ClassifiedError,
  handlers: Handlers,
): Promise<OperationOutcome> {
  const found = await retryableRead(handlers.findEffect);
  if (found) return found;
  if (!isNamedByCaller(operation)) throw needsAttention(classified.failure);
  return refused(classified, null);
}

function afterRefusal(
  operation: StripeOperation,
  classified: ClassifiedError,
  handlers: Handlers,
): OperationOutcome | Promise<OperationOutcome> {
  if (classified.problemCode === 'idempotency_key_reused') {
    return afterKeyReused(operation, classified, handlers);
  }
  const liftable = LIFTABLE.find(
    (rule) =>
      rule.operation === operation.operation &&
      (rule.retryClass ?? classified.retryClass) === classified.retryClass &&
      (rule.problemCode ?? classified.problemCode) === classified.problemCode,
  );
  return liftable
    ? afterLiftableRefusal(liftable.attention, classified, handlers)
    : refused(classified, null);
}

/**
 * Refusals that a person can do something about. An order that is authorized is not lost because its account cannot take the
 * money any more; nor is a reversal, because the account lacks it.
 */
const LIFTABLE: readonly (Pick<StripeOperation, 'operation'> &
  Partial<Pick<ClassifiedError, 'retryClass' | 'problemCode'>> & {
    /** The code under which it needs attention. */
    readonly attention: string;
  })[] = [
  { operation: 'capture', retryClass: 'account_restricted', attention: 'account_restricted' },
  { operation: 'reverse_transfer', problemCode: 'balance_insufficient', attention: 'balance_insufficient' },
];

/** Stripe keeps the refusal under the key, so that a repeat takes the next one. */
async function afterLiftableRefusal(
  code: string,
  { failure, replayed }: ClassifiedError,
  handlers: Handlers,
): Promise<OperationOutcome> {
  if (!replayed) throw needsAttention({ ...failure, code });
  const found = await retryableRead(handlers.findEffect);
  return found ?? { type: 'key_spent', stripeRequestId: failure.stripeRequestId };
}

async function afterUnexpectedState(
  classified: ClassifiedError,
  handlers: Handlers,
): Promise<OperationOutcome> {
  const found = await retryableRead(handlers.findEffect);
  if (found) return found;
  return refused(
    classified,
    handlers.readPayment ? await retryableRead(handlers.readPayment) : null,
    'state_conflict',
  );
}

function refused(
  { problemCode, failure, param }: ClassifiedError,
  payment: PaymentFacts | null,
  code = problemCode,
): OperationOutcome {
  return {
    type: 'refused',
    stripeRequestId: failure.stripeRequestId,
    payment,
    problem: problem(code, failure.message, {
      stripeCode: failure.code,
      ...(param ? { param } : {}),
      ...(failure.stripeRequestId ? { stripeRequestId: failure.stripeRequestId } : {}),
    }),
  };
}
