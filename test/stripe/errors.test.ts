import fc from 'fast-check';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../domain/errors.ts';
import type { RetryClass } from '../../stripe/errors.ts';
import { classify, nullIfRefused } from '../../stripe/errors.ts';
import type { RawStripeError } from '../support/stripe-errors.ts';
import { connectionError, serverError, stripeError, unreadableAnswer } from '../support/stripe-errors.ts';

type Row = [string, RawStripeError, RetryClass, ProblemCode?, (string | null)?];

const card = (code: string, more: Partial<RawStripeError> = {}): RawStripeError => ({
  statusCode: 402,
  type: 'card_error',
  code,
  ...more,
});
const bad = (code?: string, param?: string): RawStripeError => ({
  statusCode: 400,
  type: 'invalid_request_error',
  ...(code ? { code } : {}),
  ...(param ? { param } : {}),
});
/** "The parameters were valid but the request failed" (docs.stripe.com/api/errors). */
const failed = (code?: string): RawStripeError => ({ ...bad(code), statusCode: 402 });

describe('what the issuer says is a result', () => {
  it.each<Row>([
    ['declined', card('card_declined', { decline_code: 'generic_decline' }), 'declined'],
    ['lost card', card('card_declined', { decline_code: 'lost_card' }), 'declined'],
    ['stolen card', card('card_declined', { decline_code: 'stolen_card' }), 'declined'],
    ['fraudulent', card('card_declined', { decline_code: 'fraudulent' }), 'declined'],
    ['insufficient funds', card('card_declined', { decline_code: 'insufficient_funds' }), 'declined'],
    ['expired', card('expired_card', { param: 'exp_month' }), 'declined', 'stripe_refused', 'exp_month'],
    ['wrong CVC', card('incorrect_cvc', { param: 'cvc' }), 'declined', 'stripe_refused', 'cvc'],
    ['processing error', card('processing_error'), 'declined'],
    ['authentication required', card('authentication_required'), 'declined'],
    [
      'declined too often today',
      { statusCode: 429, type: 'invalid_request_error', code: 'card_decline_rate_limit_exceeded' },
      'declined',
    ],
    ['declined too often today, as a refusal', bad('card_decline_rate_limit_exceeded'), 'declined'],
    ['declined by a wallet’s provider', failed('payment_method_provider_decline'), 'declined'],
    ['declined by its customer', failed('payment_method_customer_decline'), 'declined'],
    ['declined by a provider, as a refusal', bad('payment_method_provider_decline'), 'declined'],
    ['declined by its customer, as a refusal', bad('payment_method_customer_decline'), 'declined'],
    ['a provider that did not answer', bad('payment_method_provider_timeout'), 'declined'],
    ['an attempt that failed', bad('payment_intent_payment_attempt_failed'), 'declined'],
    ['an attempt that took too long', bad('payment_intent_payment_attempt_expired'), 'declined'],
    ['not authenticated', bad('payment_intent_authentication_failure'), 'declined'],
    ['failed without a code', failed(), 'declined'],
  ])('%s', expectRow);
});

describe('what Stripe refuses moved nothing', () => {
  it.each<Row>([
    ['balance too low', bad('balance_insufficient'), 'refused', 'balance_insufficient'],
    ['already refunded', bad('charge_already_refunded'), 'refused', 'state_conflict'],
    ['disputed', bad('charge_disputed'), 'refused', 'state_conflict'],
    ['disputed, by its newer name', bad('refund_disputed_payment'), 'refused', 'state_conflict'],
    ['refund above the charge', bad(undefined, 'amount'), 'refused', 'stripe_refused', 'amount'],
    ['no integer', bad('parameter_invalid_integer', 'amount'), 'refused', 'stripe_refused', 'amount'],
    ['amount too small', bad('amount_too_small', 'amount'), 'refused', 'money_rule', 'amount'],
    [
      'no such destination',
      bad('resource_missing', 'transfer_data[destination]'),
      'account_restricted',
      'stripe_refused',
      'connected_account',
    ],
    [
      'transfer above the amount',
      bad(undefined, 'transfer_data[amount]'),
      'refused',
      'stripe_refused',
      'transfer_amount',
    ],
    ['no such token', bad('resource_missing', 'card[token]'), 'refused', 'stripe_refused', 'token'],
    // Recorded at 2026-08-26.dahlia: github.com/Kiln-AI/stripe_world, tests/conformance/cassettes/04_money_path.
    [
      'a payment method without its customer',
      bad('parameter_missing', 'source'),
      'refused',
      'stripe_refused',
      'customer',
    ],
    ['capture above', bad('amount_too_large', 'amount_to_capture'), 'refused', 'money_rule', 'amount'],
    ['payouts are off', bad('payouts_not_allowed'), 'refused', 'account_not_ready'],
    [
      'no such payment_intent',
      { statusCode: 404, type: 'invalid_request_error', code: 'resource_missing', param: 'intent' },
      'refused',
      'stripe_refused',
      'intent',
    ],
    [
      'account of another platform',
      { statusCode: 403, type: 'invalid_request_error', code: 'account_invalid' },
      'account_restricted',
      'not_found',
    ],
    ['fee and transfer amount together', bad(), 'refused'],
    [
      'incapable destination',
      bad('insufficient_capabilities_for_transfer'),
      'account_restricted',
      'account_not_ready',
    ],
    ['cross-region', bad(), 'refused'],
    ['source transaction exceeded', bad(), 'refused'],
    ['no successful charge to refund', bad(), 'refused'],
    ['unknown parameter', bad('parameter_unknown', 'colour'), 'refused', 'stripe_refused', 'colour'],
    [
      'idempotency key with other parameters',
      { statusCode: 400, type: 'idempotency_error' },
      'refused',
      'idempotency_key_reused',
    ],
  ])('%s', expectRow);
});

describe('another state than expected has to be read', () => {
  it.each<Row>([
    ['unexpected state', bad('payment_intent_unexpected_state'), 'unexpected_state'],
    ['already captured', bad('charge_already_captured'), 'unexpected_state'],
    ['expired for capture', bad('charge_expired_for_capture'), 'unexpected_state'],
    ['expired for capture, as a card error', card('charge_expired_for_capture'), 'unexpected_state'],
    ['authorization expired', bad('capture_charge_authorization_expired'), 'unexpected_state'],
    ['never authorized', bad('capture_unauthorized_payment'), 'unexpected_state'],
  ])('%s', expectRow);
});

describe('what may be repeated under the same key', () => {
  it.each<[string, Stripe.errors.StripeError, number | null]>([
    ['no answer', connectionError(), null],
    ['an answer that was cut off', unreadableAnswer(), null],
    [
      'lock timeout',
      stripeError({ statusCode: 429, code: 'lock_timeout', headers: { 'stripe-should-retry': 'true' } }),
      1_000,
    ],
    ['too many requests', stripeError({ statusCode: 429, code: 'rate_limit' }), 2_000],
    ['too many requests, without a code', stripeError({ statusCode: 429 }), 2_000],
    [
      'too many updates of one payment',
      stripeError({ statusCode: 400, code: 'payment_intent_rate_limit_exceeded' }),
      30_000,
    ],
    [
      'too many requests, as Stripe once said it',
      stripeError({ statusCode: 400, code: 'rate_limit' }),
      2_000,
    ],
    [
      'the first request is still in flight',
      stripeError({ statusCode: 409, type: 'idempotency_error', code: 'idempotency_key_in_use' }),
      1_000,
    ],
    ['a conflict that nobody knows', stripeError({ statusCode: 409, type: 'api_error' }), 1_000],
    ['a failed dependency', stripeError({ statusCode: 424, type: 'api_error' }), 1_000],
    [
      'whatever Stripe says to repeat',
      stripeError({ statusCode: 400, code: 'new_code', headers: { 'stripe-should-retry': 'true' } }),
      1_000,
    ],
    [
      'too many requests, with the time to wait',
      stripeError({ statusCode: 429, headers: { 'retry-after': '7' } }),
      7_000,
    ],
  ])('%s', (_, error, retryAfterMs) => {
    expect(classify(error)).toMatchObject({ retryClass: 'retry', retryAfterMs });
  });
});

describe('a failure of Stripe’s own', () => {
  it.each([500, 502, 503, 504])('%d may be stored under the key', (statusCode) => {
    expect(classify(stripeError({ statusCode, type: 'api_error' })).retryClass).toBe('failed_under_key');
  });

  it('says whether it came out of the store', () => {
    expect(classify(serverError(false)).replayed).toBe(false);
    expect(classify(serverError(true)).replayed).toBe(true);
  });
});

describe('what only a person can resolve', () => {
  it.each<Row>([
    [
      'a revoked API key',
      { statusCode: 401, type: 'invalid_request_error', code: 'api_key_expired' },
      'key_refused',
    ],
    ['a key without the right', { statusCode: 403, type: 'invalid_request_error' }, 'key_refused'],
    [
      'a conflict that Stripe says is not worth a repeat',
      { statusCode: 409, type: 'api_error', headers: { 'stripe-should-retry': 'false' } },
      'attention',
    ],
    [
      'a failed dependency that Stripe says is not worth a repeat',
      { statusCode: 424, type: 'api_error', headers: { 'stripe-should-retry': 'false' } },
      'attention',
    ],
    ['a status that nobody knows', { statusCode: 418, type: 'api_error' }, 'attention'],
  ])('%s', expectRow);
});

describe('classify', () => {
  it('keeps what an operator needs: code, message and request id', () => {
    const { failure } = classify(
      stripeError({ ...card('expired_card'), message: 'Expired.', requestId: 'req_7' }),
    );
    expect(failure).toEqual({ code: 'expired_card', message: 'Expired.', stripeRequestId: 'req_7' });
  });

  it.each([
    ['what Stripe refuses', stripeError(bad()), 'invalid_request_error'],
    ['a status that nobody knows', stripeError({ statusCode: 418 }), 'api_error'],
    ['no answer', connectionError(), 'api_connection_error'],
    ['an answer that was cut off', unreadableAnswer(), 'api_error'],
    ['too many requests', stripeError({ ...bad(), statusCode: 429 }), 'rate_limit'],
    ['a wrong API key', stripeError({ ...bad(), statusCode: 401 }), 'authentication_error'],
    ['a key without the right', stripeError({ ...bad(), statusCode: 403 }), 'permission_error'],
  ])('gives %s a code that an operator can look up, where Stripe gives none', (_, error, code) => {
    expect(classify(error).failure).toMatchObject({ code });
  });

  it('throws on what is no error of Stripe’s', () => {
    const bug = new TypeError('a bug');
    expect(() => classify(bug)).toThrow(bug);
    expect(() => classify('text')).toThrow('text');
  });

  it('classifies every error that Stripe could send, without throwing', () => {
    const text = fc.option(fc.string(), { nil: undefined });
    const raw = fc.record(
      {
        statusCode: fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
        type: fc.option(fc.constantFrom('card_error', 'api_error', 'idempotency_error', 'new_error'), {
          nil: undefined,
        }),
        code: text,
        param: text,
        message: text,
        headers: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
        requestId: text,
      },
      { requiredKeys: [] },
    );
    const generate = Stripe.errors.generateV1Error as unknown as (raw: unknown) => Error;
    fc.assert(
      fc.property(raw, (any) => {
        const { retryClass, failure } = classify(generate(any));
        expect([
          'declined',
          'refused',
          'unexpected_state',
          'retry',
          'failed_under_key',
          'key_refused',
          'attention',
        ]).toContain(retryClass);
        expect(typeof failure.code).toBe('string');
        expect(typeof failure.message).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });
});

function expectRow(...[, raw, retryClass, problemCode = 'stripe_refused', param = null]: Row): void {
  expect(classify(stripeError(raw))).toMatchObject({ retryClass, problemCode, param });
}

it('what an operator or another object names is nothing where Stripe knows no such object, and fails where Stripe does', async () => {
  const answer = (outcome: unknown) => async () => {
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const missing = stripeError({ statusCode: 404, code: 'resource_missing' });
  expect(await nullIfRefused(answer(missing))).toBeNull();
  await expect(nullIfRefused(answer(connectionError()))).rejects.toMatchObject({
    type: 'StripeConnectionError',
  });
  expect(await nullIfRefused(answer('there'))).toBe('there');
});
