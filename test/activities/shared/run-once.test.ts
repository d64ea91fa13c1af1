import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import type { Handlers } from '../../../activities/shared/run-once.ts';
import { KEY_TRUSTED_MS, retryableRead, runOnce } from '../../../activities/shared/run-once.ts';
import type { OperationOutcome, StripeOperation } from '../../../contract/operations.ts';
import { STRIPE_KEY_REFUSED, STRIPE_NEEDS_ATTENTION, STRIPE_RETRYABLE } from '../../../domain/errors.ts';
import { facts, NOW, terms } from '../../support/builders.ts';
import { connectionError, serverError, stripeError, unreadableAnswer } from '../../support/stripe-errors.ts';

const base = { orderId: 'order-1', operationId: 'cmd_1', generation: 0, requestedAt: NOW };
const capture: StripeOperation = {
  ...base,
  operation: 'capture',
  paymentIntent: 'pi_1',
  amount: 1000,
  final: true,
  amountCapturedBefore: 0,
  share: null,
};
const reverse: StripeOperation = {
  ...base,
  operation: 'reverse_transfer',
  requestHash: 'hash',
  transfer: 'tr_1',
  amount: null,
  reason: null,
  isOtherAccount: false,
};
const authorize: StripeOperation = { ...base, operation: 'authorize', requestHash: 'hash', terms: terms() };

const done: OperationOutcome = { type: 'payment', payment: facts('succeeded'), stripeRequestId: 'req_done' };
const found: OperationOutcome = {
  type: 'payment',
  payment: facts('succeeded'),
  stripeRequestId: 'req_found',
};
const declined: OperationOutcome = {
  type: 'declined',
  stripeRequestId: 'req_1',
  decline: { code: 'card_declined', declineCode: null, message: 'no', param: null, at: NOW },
  payment: null,
};

const decline = stripeError({ statusCode: 402, type: 'card_error', code: 'card_declined' });
const refusal = stripeError({ statusCode: 400, code: 'amount_too_small', param: 'amount' });
const wrongState = stripeError({ statusCode: 400, code: 'payment_intent_unexpected_state' });
const keyReused = stripeError({ statusCode: 400, type: 'idempotency_error' });
const limited = stripeError({ statusCode: 429, code: 'rate_limit' });
const revoked = stripeError({ statusCode: 401, code: 'api_key_expired' });

interface Case {
  readonly operation?: StripeOperation;
  /** What Stripe answers to the call. */
  readonly call: OperationOutcome | Error;
  /** What a look at Stripe shows. */
  readonly effect?: OperationOutcome | Error | null;
  readonly ageMs?: number;
}

function answer<T>(value: T | Error) {
  return vi.fn(() => (value instanceof Error ? Promise.reject(value) : Promise.resolve(value)));
}

/** Runs it once, and tells how it ended and how often Stripe was asked what. */
async function run(
  { operation = capture, call, effect = null, ageMs = 0 }: Case,
  more: Partial<Handlers> = {},
) {
  const handlers = { call: answer(call), findEffect: answer(effect), verify: answer(null), ...more };
  const ended = await runOnce(operation, NOW + ageMs, handlers).then(
    (outcome) => ({ outcome, failure: null }),
    (failure: unknown) => ({ outcome: null, failure }),
  );
  return { ...ended, handlers };
}

describe('what creates something', () => {
  it('is not asked for where an earlier request created it', async () => {
    const { outcome, handlers } = await run({ call: done }, { findCreated: answer(found) });
    expect(outcome).toBe(found);
    expect(handlers.call).not.toHaveBeenCalled();
  });

  it('is a repeat where the very first attempt finds it, and may be its own where a later one does', async () => {
    const created = { findCreated: answer(found) };
    const first = await run({ operation: { ...authorize, isFirstAttempt: true }, call: done }, created);
    expect(first.outcome).toEqual({ ...found, fromEarlierRequest: true });
    const later = await run({ operation: authorize, call: done }, created);
    expect(later.outcome).toEqual(found);
  });

  it('is asked for after one look', async () => {
    const { outcome, handlers } = await run({ call: done }, { findCreated: answer(null) });
    expect(outcome).toBe(done);
    expect(handlers.findCreated).toHaveBeenCalledOnce();
    expect(handlers.findEffect).not.toHaveBeenCalled();
  });

  it('is looked for among all effects as well, where its key may have expired', async () => {
    const { outcome, handlers } = await run(
      { call: done, effect: found, ageMs: KEY_TRUSTED_MS + 1 },
      { findCreated: answer(null) },
    );
    expect(outcome).toBe(found);
    expect(handlers.call).not.toHaveBeenCalled();
  });

  it('is not asked for while nobody can know', async () => {
    const { failure, handlers } = await run(
      { call: done },
      { findCreated: answer<OperationOutcome | null>(limited) },
    );
    expect(failure).toMatchObject({ type: STRIPE_RETRYABLE });
    expect(handlers.call).not.toHaveBeenCalled();
  });
});

describe('an operation that Stripe answers', () => {
  it('is asked for under its own key, and nothing is looked up', async () => {
    const { outcome, handlers } = await run({ call: done });
    expect(outcome).toBe(done);
    expect(handlers.call).toHaveBeenCalledExactlyOnceWith('waybill:order-1:capture:cmd_1:0');
    expect(handlers.findEffect).not.toHaveBeenCalled();
  });
});

describe('how an error ends', () => {
  it.each<[string, Case, Partial<OperationOutcome>]>([
    ['500, but the effect is there → success', { call: serverError(false), effect: found }, found],
    [
      '500 out of the store, the effect is there → success',
      { call: serverError(true), effect: found },
      found,
    ],
    [
      '500 out of the store, no effect → the key is spent',
      { call: serverError(true) },
      { type: 'key_spent' },
    ],
    ['another state, and the wanted one → success', { call: wrongState, effect: found }, found],
    ['another state, not the wanted one → refused', { call: wrongState }, { type: 'refused' }],
    ['decline without a handler for it → refused', { call: decline }, { type: 'refused' }],
    ['refusal → refused', { call: refusal }, { type: 'refused' }],
    ['key reused by another order → refused', { operation: authorize, call: keyReused }, { type: 'refused' }],
  ])('%s', async (_, given, expected) => {
    expect((await run(given)).outcome).toMatchObject(expected);
  });

  it.each<[string, Case, string]>([
    ['no answer → repeated', { call: connectionError() }, STRIPE_RETRYABLE],
    ['an unreadable answer → repeated', { call: unreadableAnswer() }, STRIPE_RETRYABLE],
    ['too many requests → repeated', { call: limited }, STRIPE_RETRYABLE],
    ['500 for the first time, no effect yet → repeated', { call: serverError(false) }, STRIPE_RETRYABLE],
    [
      '500, and the look fails too → repeated',
      { call: serverError(true), effect: limited },
      STRIPE_RETRYABLE,
    ],
    [
      'another state, and the look fails → repeated',
      { call: wrongState, effect: connectionError() },
      STRIPE_RETRYABLE,
    ],
    ['a revoked key → another key', { call: revoked }, STRIPE_KEY_REFUSED],
    [
      '500, and the look is forbidden → another key',
      { call: serverError(true), effect: revoked },
      STRIPE_KEY_REFUSED,
    ],
    ['key used with other parameters → a human', { call: keyReused }, STRIPE_NEEDS_ATTENTION],
  ])('%s', async (_, given, type) => {
    const { failure } = await run(given);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type, nonRetryable: type !== STRIPE_RETRYABLE });
  });

  it('shows an operator code, message and request id', async () => {
    const { failure } = await run({ call: revoked });
    expect(failure).toMatchObject({
      details: [{ code: 'api_key_expired', message: 'said Stripe', stripeRequestId: 'req_1' }],
    });
  });

  it('waits as long as the table says before the next attempt', async () => {
    expect((await run({ call: limited })).failure).toMatchObject({ nextRetryDelay: 2_000 });
    expect((await run({ call: connectionError() })).failure).toMatchObject({ nextRetryDelay: undefined });
  });

  it('is a result when the issuer declines', async () => {
    const onDecline = vi.fn(() => declined);
    expect((await run({ call: decline }, { onDecline })).outcome).toBe(declined);
    expect(onDecline).toHaveBeenCalledWith(decline, expect.objectContaining({ retryClass: 'declined' }));
  });

  it('names the field that was refused, and Stripe’s own code and request', async () => {
    expect((await run({ call: refusal })).outcome).toMatchObject({
      type: 'refused',
      problem: {
        code: 'money_rule',
        param: 'amount',
        stripeCode: 'amount_too_small',
        stripeRequestId: 'req_1',
      },
    });
  });

  it('brings the payment as it is when it was in another state', async () => {
    const readPayment = answer(facts('canceled'));
    expect((await run({ call: wrongState }, { readPayment })).outcome).toMatchObject({
      type: 'refused',
      problem: { code: 'state_conflict' },
      payment: { status: 'canceled' },
    });
    expect((await run({ call: wrongState })).outcome).toMatchObject({ payment: null });
  });

  it('is thrown on when it is a bug, not an answer', async () => {
    const bug = new TypeError('a bug');
    expect((await run({ call: bug })).failure).toBe(bug);
  });
});

describe('an operation so old that Stripe may have forgotten its key', () => {
  it('is looked up, and not repeated when its effect is there', async () => {
    const { outcome, handlers } = await run({ call: done, effect: found, ageMs: KEY_TRUSTED_MS + 1 });
    expect(outcome).toBe(found);
    expect(handlers.call).not.toHaveBeenCalled();
  });

  it('is repeated when there is no effect', async () => {
    const { outcome, handlers } = await run({ call: done, ageMs: KEY_TRUSTED_MS + 1 });
    expect(outcome).toBe(done);
    expect(handlers.call).toHaveBeenCalledOnce();
  });

  it('is not repeated when the look fails', async () => {
    const { failure, handlers } = await run({ call: done, effect: limited, ageMs: KEY_TRUSTED_MS + 1 });
    expect(failure).toMatchObject({ type: STRIPE_RETRYABLE });
    expect(handlers.call).not.toHaveBeenCalled();
  });

  it('is that old only after 23 hours', async () => {
    const { handlers } = await run({ call: done, effect: found, ageMs: 23 * 60 * 60 * 1000 });
    expect(handlers.findEffect).not.toHaveBeenCalled();
    expect(handlers.call).toHaveBeenCalledOnce();
  });
});

describe('a read', () => {
  it.each([
    [connectionError(), STRIPE_RETRYABLE],
    [serverError(true), STRIPE_RETRYABLE],
    [refusal, STRIPE_NEEDS_ATTENTION],
    [revoked, STRIPE_KEY_REFUSED],
  ])('%# that fails is repeated, or shown to a human', async (error, type) => {
    await expect(retryableRead(answer(error))).rejects.toMatchObject({ type });
  });
});

describe('a reversal that the account lacks the funds for', () => {
  const noFunds = stripeError({ statusCode: 400, code: 'balance_insufficient' });
  const storedNoFunds = stripeError({
    statusCode: 400,
    code: 'balance_insufficient',
    headers: { 'idempotent-replayed': 'true' },
  });

  it('waits for a person', async () => {
    const { failure } = await run({ operation: reverse, call: noFunds });
    expect(failure).toMatchObject({
      type: STRIPE_NEEDS_ATTENTION,
      nonRetryable: true,
      details: [{ code: 'balance_insufficient' }],
    });
  });

  it('takes the next key once Stripe repeats that answer, unless it was made meanwhile', async () => {
    expect((await run({ operation: reverse, call: storedNoFunds })).outcome?.type).toBe('key_spent');
    expect((await run({ operation: reverse, call: storedNoFunds, effect: found })).outcome).toBe(found);
  });

  it('is refused where it is of anything else', async () => {
    expect((await run({ operation: capture, call: noFunds })).outcome).toMatchObject({
      type: 'refused',
      problem: { code: 'balance_insufficient' },
    });
  });
});
