import { describe, expect, it } from 'vitest';
import { keyed, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

describe('a payment with a bad amount', () => {
  it('of zero is refused with the minimum and a hint at setup intents', async () => {
    const { status, headers, error } = await refusal(sandbox.pay({ amount: 0, off_session: true }, keyed()));

    expect(status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'parameter_invalid_integer',
      param: 'amount',
      message:
        'The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: https://docs.stripe.com/payments/setup-intents',
      doc_url: expect.stringMatching(/parameter-invalid-integer$/),
    });
    expect(headers['original-request']).toMatch(/^req_/);
    expect(headers['stripe-should-retry']).toBeUndefined();
  });

  it('below 50 cents is too small', async () => {
    expect(await refusal(sandbox.pay({ amount: 49 }))).toMatchObject({
      status: 400,
      error: {
        type: 'invalid_request_error',
        code: 'amount_too_small',
        param: 'amount',
        message: 'Amount must be at least $0.50 usd',
      },
    });
  });

  it.each(['10.5', 'ten', '-1', ''])('written as "%s" is refused', async (amount) => {
    const answer = await sandbox.call('POST', '/v1/payment_intents', { amount, currency: 'usd' });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ type: 'invalid_request_error', param: 'amount' });
  });
});

describe('a request that Stripe doesn’t understand', () => {
  it('names the parameter that it doesn’t know', async () => {
    const answer = await sandbox.call('POST', '/v1/payment_intents', {
      amount: '1000',
      currency: 'usd',
      ammount: '1',
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      type: 'invalid_request_error',
      code: 'parameter_unknown',
      param: 'ammount',
      message: expect.stringContaining('Received unknown parameter: ammount'),
    });
  });

  it('names the parameter that is missing', async () => {
    const answer = await sandbox.call('POST', '/v1/payment_intents', { amount: '1000' });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ code: 'parameter_missing', param: 'currency' });
  });

  it('without a key is 401', async () => {
    const answer = await sandbox.call('GET', '/v1/balance', {}, { Authorization: '' });
    expect(answer.status).toBe(401);
    expect(answer.body.error.type).toBe('invalid_request_error');
  });

  it('with a wrong key is 401', async () => {
    const answer = await sandbox.call('GET', '/v1/balance', {}, { Authorization: 'Bearer sk_test_other' });
    expect(answer.status).toBe(401);
  });
});

describe('what doesn’t exist', () => {
  it('is 404 with the id as it was written', async () => {
    const answer = await sandbox.call('GET', '/v1/payment_intents/does+not+exist');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      error: {
        type: 'invalid_request_error',
        code: 'resource_missing',
        param: 'intent',
        message: "No such payment_intent: 'does not exist'",
        doc_url: expect.stringMatching(/resource-missing$/),
      },
    });
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
  });

  it.each([
    { path: '/v1/charges/ch_0', message: "No such charge: 'ch_0'" },
    { path: '/v1/refunds/re_0', message: "No such refund: 're_0'" },
    { path: '/v1/transfers/tr_0', message: "No such transfer: 'tr_0'" },
    { path: '/v1/customers/cus_0', message: "No such customer: 'cus_0'" },
  ])('$path is 404', async ({ path, message }) => {
    const answer = await sandbox.call('GET', path);
    expect(answer.status).toBe(404);
    expect(answer.body.error).toMatchObject({ code: 'resource_missing', message });
  });
});

describe('a busy object', () => {
  it('answers 429 lock_timeout, and says that trying again is right', async () => {
    const { id } = await sandbox.pay({ capture_method: 'manual' });
    await sandbox.control('faults', {
      match: { method: 'POST', path: `/v1/payment_intents/${id}/capture` },
      effect: { error: 'lock_timeout' },
    });

    const { status, headers, error } = await refusal(sandbox.stripe.paymentIntents.capture(id, {}, keyed()));
    expect(status).toBe(429);
    expect(headers['stripe-should-retry']).toBe('true');
    expect(headers['original-request']).toMatch(/^req_/);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'lock_timeout',
      message: expect.stringMatching(/^This object cannot be accessed right now because another API request/),
      doc_url: expect.stringMatching(/lock-timeout$/),
    });

    expect((await sandbox.stripe.paymentIntents.capture(id)).status).toBe('succeeded');
  });
});
