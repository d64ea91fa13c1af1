import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, held, start } from './support.ts';

const payment = { ...card, amount: 1000, transfer_data: { destination: ACCOUNTS.usCustom } };
const once = { idempotencyKey: 'order-1/authorize' };
const creation = { method: 'POST', path: '/v1/payment_intents' };

// Stripe's client tries a second time by itself when a connection closes, whatever its settings: cut that one too.
const twice = { ...creation, times: 2 };

describe('a connection that is cut', () => {
  it('after the effect has taken the money, and a retry with the key gets its answer', async () => {
    const { stripe, sandbox, control } = await start();
    await control('POST', 'faults', { match: twice, effect: { drop: true, when: 'after' } });
    expect(await errorOf(stripe.paymentIntents.create(payment, once))).toMatchObject({
      type: 'StripeConnectionError',
    });
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(1000);

    const retried = await stripe.paymentIntents.create(payment, once);
    expect(retried.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(retried.status).toBe('succeeded');
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(1000);
  });

  it('before the effect has taken nothing, and a retry is the first to do it', async () => {
    const { stripe, sandbox, control } = await start();
    await control('POST', 'faults', { match: twice, effect: { drop: true } });
    await errorOf(stripe.paymentIntents.create(payment, once));
    expect(sandbox.ledger().entries).toEqual([]);

    const retried = await stripe.paymentIntents.create(payment, once);
    expect(retried.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(1000);
  });
});

describe('a 500', () => {
  it.each([
    { when: 'before', moved: 0 },
    { when: 'after', moved: 1000 },
  ])('$when the effect is kept under its key for good', async ({ when, moved }) => {
    const { stripe, sandbox, control } = await start();
    await control('POST', 'faults', { match: creation, effect: { error: 'server_error', when } });
    const first = await errorOf(stripe.paymentIntents.create(payment, once));
    const second = await errorOf(stripe.paymentIntents.create(payment, once));
    expect([first.statusCode, second.statusCode]).toEqual([500, 500]);
    expect(second.headers?.['idempotent-replayed']).toBe('true');
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(moved);
  });
});

describe('refusals at the door', () => {
  it.each([
    { error: 'lock_timeout', code: 'lock_timeout', retry: 'true' },
    { error: 'rate_limit', code: 'rate_limit', retry: undefined },
  ])('$error is a 429 that the next attempt does not remember', async ({ error, code, retry }) => {
    const { stripe, control } = await start();
    await control('POST', 'faults', { match: creation, effect: { error } });
    const refused = await errorOf(stripe.paymentIntents.create(payment, once));
    expect(refused).toMatchObject({ statusCode: 429, code });
    expect(refused.headers?.['stripe-should-retry']).toBe(retry);
    expect((await stripe.paymentIntents.create(payment, once)).status).toBe('succeeded');
  });

  it('answers with the error it was given', async () => {
    const { stripe, control } = await start();
    const error = { type: 'invalid_request_error', code: 'balance_insufficient', message: 'Not enough.' };
    await control('POST', 'faults', { match: { path: '/v1/transfers' }, effect: { status: 400, error } });
    const refused = await errorOf(
      stripe.transfers.create({ amount: 1, currency: 'usd', destination: ACCOUNTS.usCustom }),
    );
    expect(refused).toMatchObject({ statusCode: 400, code: 'balance_insufficient', message: 'Not enough.' });
  });
});

describe('which calls a fault meets', () => {
  it('the nth and as many as were asked for, on paths with a star', async () => {
    const { stripe, control } = await start();
    const match = { method: 'GET', path: '/v1/payment_intents/*', nth: 2, times: 2 };
    await control('POST', 'faults', { match, effect: { error: 'server_error' } });
    const { id } = await stripe.paymentIntents.create(payment);
    const outcomes: boolean[] = [];
    for (let i = 0; i < 4; i += 1) {
      outcomes.push(
        await stripe.paymentIntents.retrieve(id).then(
          () => true,
          () => false,
        ),
      );
    }
    expect(outcomes).toEqual([true, false, false, true]);
  });

  it('none any more once it is taken back', async () => {
    const { stripe, control } = await start();
    await control('POST', 'faults', { effect: { error: 'server_error' }, match: { times: 'always' } });
    expect((await control<{ data: unknown[] }>('GET', 'faults')).data).toHaveLength(1);
    await control('DELETE', 'faults');
    expect((await stripe.paymentIntents.create(payment)).status).toBe('succeeded');
  });

  it('gets an error when it asks for what does not exist', async () => {
    const { control } = await start();
    expect(await control('POST', 'faults', { effect: { explode: true } })).toMatchObject({
      error: { message: 'unknown effect: explode' },
    });
  });
});

describe('a request that is held back', () => {
  it.each(['before', 'after'])('%s its effect goes on as soon as that is taken back', async (when) => {
    const { stripe, control } = await start();
    const { id } = await control<{ id: string }>('POST', 'faults', {
      match: creation,
      effect: { delay_ms: 600_000, when },
    });
    await control('POST', 'faults', { match: { path: '/v1/refunds' }, effect: { status: 500 } });
    const slow = stripe.paymentIntents.create(payment);
    while (!(await control<{ data: { fired: number }[] }>('GET', 'faults')).data[0]?.fired);
    await control('DELETE', `faults/${id}`);
    expect((await slow).status).toBe('succeeded');
    expect((await control<{ data: unknown[] }>('GET', 'faults')).data).toHaveLength(1);
  });
});

describe('a request that is still running', () => {
  it('keeps its key busy: the same key is a 409 meanwhile, and the answer afterwards', async () => {
    const { stripe, sandbox, control } = await start();
    await control('POST', 'faults', { match: creation, effect: { delay_ms: 600_000 } });
    const slow = stripe.paymentIntents.create(payment, once);
    // The first one is known to have arrived once it has used the fault up.
    while (!(await control<{ data: { fired: number }[] }>('GET', 'faults')).data[0]?.fired);
    const busy = await errorOf(stripe.paymentIntents.create(payment, once));
    expect(busy).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    await control('DELETE', 'faults');
    const done = await slow;
    expect((await stripe.paymentIntents.create(payment, once)).id).toBe(done.id);
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(1000);
  });
});
