import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, held, start } from './support.ts';

const DAY_S = 86_400;
const payment = { ...card, amount: 1000, transfer_data: { destination: ACCOUNTS.usCustom } };
const once = { idempotencyKey: 'order-1' };

describe('the same key again', () => {
  it('gives the same bytes, marked as a replay, under a request id of its own', async () => {
    const { url } = await start();
    const ask = async (): Promise<{ text: string; header: (name: string) => string | null }> => {
      const response = await fetch(`${url}/v1/customers`, {
        method: 'POST',
        headers: { Authorization: 'Bearer sk_test_waybill', 'Idempotency-Key': 'k' },
        body: 'name=Ada',
      });
      return { text: await response.text(), header: (name) => response.headers.get(name) };
    };
    const first = await ask();
    const second = await ask();
    expect(second.text).toBe(first.text);
    expect(second.header('idempotent-replayed')).toBe('true');
    expect(second.header('original-request')).toBe(first.header('request-id'));
    expect(second.header('request-id')).not.toBe(first.header('request-id'));
  });

  it('sent fifty times at once takes the money once', async () => {
    const { stripe, sandbox } = await start();
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, () => stripe.paymentIntents.create(payment, once)),
    );
    const ids = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    expect(new Set(ids).size).toBe(1);
    expect(held(sandbox, ACCOUNTS.usCustom)).toBe(1000);
  });

  it('with other parameters, or for another endpoint, is refused', async () => {
    const { stripe } = await start();
    await stripe.paymentIntents.create(payment, once);
    const other = await errorOf(stripe.paymentIntents.create({ ...payment, amount: 1001 }, once));
    expect(other).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' });
    expect(await errorOf(stripe.customers.create({}, once))).toMatchObject({
      type: 'StripeIdempotencyError',
    });
  });

  it('replays a decline too, and makes no second failed charge', async () => {
    const { stripe } = await start();
    const params = { ...payment, payment_method: 'pm_card_chargeDeclined' };
    const first = await errorOf(stripe.paymentIntents.create(params, once));
    const second = await errorOf(stripe.paymentIntents.create(params, once));
    expect([first.statusCode, second.statusCode]).toEqual([402, 402]);
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });

  it('is a new request once Stripe has forgotten the key', async () => {
    const { stripe, sandbox } = await start();
    const first = await stripe.paymentIntents.create(payment, once);
    sandbox.advance(DAY_S - 1);
    expect((await stripe.paymentIntents.create(payment, once)).id).toBe(first.id);
    sandbox.advance(1);
    expect((await stripe.paymentIntents.create(payment, once)).id).not.toBe(first.id);
  });

  it('is not remembered where nothing was started', async () => {
    const { stripe } = await start();
    const nowhere = { ...payment, transfer_data: { destination: 'acct_1Nowhere' } };
    expect(await errorOf(stripe.paymentIntents.create(nowhere, once))).toMatchObject({
      code: 'resource_missing',
    });
    expect((await stripe.paymentIntents.create(payment, once)).status).toBe('succeeded');
  });
});

describe('events', () => {
  it('are listed for thirty days', async () => {
    const { stripe, sandbox } = await start();
    await stripe.customers.create({});
    sandbox.advance(30 * DAY_S - 1);
    expect((await stripe.events.list({ type: 'customer.*' })).data).toHaveLength(1);
    sandbox.advance(1);
    expect((await stripe.events.list({ type: 'customer.*' })).data).toEqual([]);
  });
});
