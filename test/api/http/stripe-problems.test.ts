import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { AccountTokens } from '../../../api/accounts/account-tokens.ts';
import { problemOfStripe } from '../../../api/http/stripe-problems.ts';
import { ProblemError } from '../../../domain/problem-error.ts';

const message = "Keys can only be used with the same parameters. Try a key other than 'waybill:customer:1'.";
const about = { type: 'idempotency_error', requestId: 'req_1', message } as const;
const inUse = new Stripe.errors.StripeIdempotencyError({
  ...about,
  statusCode: 409,
  code: 'idempotency_key_in_use',
});
const reused = new Stripe.errors.StripeIdempotencyError({ ...about, statusCode: 400 });

describe("what Stripe says of a key that was made of the caller's", () => {
  it.each([
    ['is running', inUse, 'idempotency_key_in_use'],
    ['was used for another request', reused, 'idempotency_key_reused'],
  ])('becomes what Waybill says itself: it %s', async (_, error, code) => {
    const expected = { code, param: 'Idempotency-Key', detail: expect.stringMatching(/^(?!.*waybill:)/) };
    expect(problemOfStripe(error)).toMatchObject(expected);
    const tokens = { tokens: { create: () => Promise.reject(error) } } as unknown as Stripe;
    const refused = await new AccountTokens(tokens, 'digest').person({}).catch((thrown) => thrown);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused.problem).toMatchObject(expected);
  });
});

describe('what Stripe does not show', () => {
  it.each([
    ['no such object', 404, 'resource_missing', /no such object/],
    ['no access to the account', 403, 'account_invalid', /no access to the connected account/],
  ])('is %s', (_, statusCode, code, detail) => {
    const error = new Stripe.errors.StripeInvalidRequestError({
      type: 'invalid_request_error',
      message: 'No.',
      statusCode,
      code,
    });
    expect(problemOfStripe(error)).toMatchObject({
      code: 'not_found',
      detail: expect.stringMatching(detail),
      stripeCode: code,
    });
  });

  it('is none of this where it was not Stripe', () => {
    expect(problemOfStripe(new Error('Mine.'))).toBeNull();
  });
});

describe("what Stripe says of Waybill's own key", () => {
  const said = 'Invalid API Key provided: sk_live_***************1234';
  it.each([
    [
      'that is wrong',
      new Stripe.errors.StripeAuthenticationError({ type: 'authentication_error', message: said }),
    ],
    [
      'that may not do this',
      new Stripe.errors.StripePermissionError({ type: 'invalid_request_error', message: said }),
    ],
  ])('%s is told as such, without the key', (_, error) => {
    expect(problemOfStripe(error)).toMatchObject({
      code: 'unavailable',
      detail: expect.stringMatching(/^Stripe refuses Waybill's own key(?!.*sk_live)/),
    });
  });

  it('is not blamed where Stripe does not answer', () => {
    const error = new Stripe.errors.StripeConnectionError({ type: 'api_error', message: 'No answer.' });
    expect(problemOfStripe(error)).toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('not answering'),
    });
  });
});
