import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Receiver } from './receiver.ts';
import { ACCOUNTS, card, errorOf, type Harness, start } from './support.ts';

let receiver: Receiver;

beforeEach(async () => {
  receiver = await new Receiver().start();
});

afterEach(() => receiver.stop());

const SECRET = 'whsec_platform';
const CONNECT_SECRET = 'whsec_connect';
const payment = { ...card, amount: 1000 };

interface Delivery {
  id: string;
  type: string;
  state: string;
  attempts: { at: number; status: number | null; error: string | null }[];
  next_attempt: number | null;
}

const configured = () => ({ webhooks: { url: receiver.url, secret: SECRET } });
const settle = ({ control }: Harness) => control('POST', 'webhooks/settle');
const deliveries = async ({ control }: Harness, query = '') =>
  (await control<{ data: Delivery[] }>('GET', `webhooks${query}`)).data;

async function endpoint(
  { stripe }: Harness,
  params: Partial<Stripe.WebhookEndpointCreateParams> = {},
): Promise<Stripe.WebhookEndpoint> {
  return stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'], ...params });
}

describe('a webhook endpoint', () => {
  it('shows its secret once, when it is made', async () => {
    const harness = await start();
    const { id, secret } = await endpoint(harness, { description: 'orders', metadata: { a: 'b' } });
    expect(secret).toMatch(/^whsec_\w{32}$/);
    const again = await harness.stripe.webhookEndpoints.retrieve(id);
    expect(again).toMatchObject({ url: receiver.url, status: 'enabled', enabled_events: ['*'] });
    expect(again.secret).toBeUndefined();
    expect((await harness.stripe.webhookEndpoints.list()).data.map((one) => one.id)).toEqual([id]);
  });

  it('gets only the events that it asked for', async () => {
    const harness = await start();
    await endpoint(harness, { enabled_events: ['payment_intent.succeeded', 'charge.refunded'] });
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    expect(receiver.types()).toEqual(['payment_intent.succeeded']);
  });

  it('gets nothing while it is disabled, and nothing after it was deleted', async () => {
    const harness = await start();
    const { id } = await endpoint(harness, { enabled_events: ['payment_intent.succeeded'] });
    await harness.stripe.webhookEndpoints.update(id, { disabled: true });
    await harness.stripe.paymentIntents.create(payment);
    await harness.stripe.webhookEndpoints.update(id, { disabled: false, url: `${receiver.url}/moved` });
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    await harness.stripe.webhookEndpoints.del(id);
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/webhooks/moved']);
    expect(await errorOf(harness.stripe.webhookEndpoints.retrieve(id))).toMatchObject({ statusCode: 404 });
  });

  it.each([
    { bad: { url: 'waybill' }, param: 'url' },
    { bad: { url: 'ftp://waybill.example' }, param: 'url' },
    { bad: { enabled_events: ['nonsense'] }, param: 'enabled_events[0]' },
  ])('is refused with $bad', async ({ bad, param }) => {
    const harness = await start();
    const refused = errorOf(endpoint(harness, bad as Partial<Stripe.WebhookEndpointCreateParams>));
    expect(await refused).toMatchObject({ statusCode: 400, param });
  });
});

describe('a delivery', () => {
  it('is signed so that the official client lets it through, and no other secret does', async () => {
    const harness = await start(configured());
    const intent = await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    const events = receiver.verified(SECRET);
    expect(events.map(({ type }) => type).sort()).toEqual([
      'charge.succeeded',
      'payment_intent.created',
      'payment_intent.succeeded',
    ]);
    const succeeded = events.find(({ type }) => type === 'payment_intent.succeeded');
    expect(succeeded).toMatchObject({ object: 'event', data: { object: { id: intent.id } } });
    expect(() => receiver.verified('whsec_other')).toThrow(/signature/i);
  });

  it('of what happens on a connected account goes to the Connect endpoint and names the account', async () => {
    const { webhooks } = configured();
    const harness = await start({ webhooks: { ...webhooks, connectSecret: CONNECT_SECRET } });
    await harness.control('POST', 'webhooks', { hold: true });
    await harness.stripe.paymentIntents.create(payment, { stripeAccount: ACCOUNTS.usCustom });
    await harness.control('POST', 'webhooks', {});
    await settle(harness);
    const events = receiver.verified(CONNECT_SECRET);
    expect(events).toHaveLength(3);
    expect(new Set(events.map(({ account }) => account))).toEqual(new Set([ACCOUNTS.usCustom]));
  });

  it('goes only to an endpoint that was given its type at the start', async () => {
    const { webhooks } = configured();
    const events = ['payment_intent.succeeded', 'charge.refunded'];
    const given = { ...webhooks, connectSecret: CONNECT_SECRET, events, connectEvents: ['payout.paid'] };
    const harness = await start({ webhooks: given });
    const destination = { transfer_data: { destination: ACCOUNTS.usCustom } };
    await harness.stripe.paymentIntents.create({ ...payment, ...destination });
    await settle(harness);
    expect(receiver.received.map(({ event }) => event.type)).toEqual(['payment_intent.succeeded']);
  });

  it('gets events of both sides of a destination charge, each at its endpoint', async () => {
    const { webhooks } = configured();
    const harness = await start({ webhooks: { ...webhooks, connectSecret: CONNECT_SECRET } });
    await harness.stripe.paymentIntents.create({
      ...payment,
      application_fee_amount: 123,
      transfer_data: { destination: ACCOUNTS.usCustom },
    });
    await settle(harness);
    const account = (type: string) =>
      receiver.received.filter(({ event }) => event.type === type).map(({ event }) => event.account);
    expect(account('transfer.created')).toEqual([undefined]);
    expect(account('application_fee.created')).toEqual([undefined]);
    expect(account('payment.created')).toEqual([ACCOUNTS.usCustom]);
  });

  it('is signed with both secrets for as long as a rolled one overlaps', async () => {
    const harness = await start();
    const { id, secret: old } = await endpoint(harness, { enabled_events: ['payment_intent.succeeded'] });
    const { secret } = await harness.control<{ secret: string }>(
      'POST',
      `webhook_endpoints/${id}/roll_secret`,
      { overlap_seconds: 3600 },
    );
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    expect(receiver.verified(secret)).toHaveLength(1);
    expect(receiver.verified(old ?? '')).toHaveLength(1);

    harness.sandbox.advance(3600);
    receiver.received.length = 0;
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    expect(receiver.verified(secret)).toHaveLength(1);
    expect(() => receiver.verified(old ?? '')).toThrow(/signature/i);
  });

  it('that nobody takes is repeated when Stripe does, for three days, then given up', async () => {
    const harness = await start();
    await endpoint(harness, { enabled_events: ['payment_intent.succeeded'] });
    receiver.status = 500;
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    const waitsMinutes: number[] = [];
    for (;;) {
      const [delivery] = await deliveries(harness);
      if (delivery?.next_attempt == null) break;
      const seconds = delivery.next_attempt - (delivery.attempts.at(-1)?.at ?? 0);
      waitsMinutes.push(Math.round(seconds / 60));
      harness.sandbox.advance(seconds);
      await settle(harness);
    }
    expect(waitsMinutes).toEqual([5, 30, 120, 300, 600, 720, 720, 720, 720]);
    const [delivery] = await deliveries(harness);
    expect(delivery?.state).toBe('failed');
    expect(delivery?.attempts.map(({ status }) => status)).toEqual(Array(10).fill(500));
  });

  it.each([
    { answer: 'a redirect', status: 301, noted: { status: 301, error: null } },
    { answer: 'no answer in time', status: null, noted: { status: null, error: 'timed_out' } },
  ])('that got $answer has failed and is due again in five minutes', async ({ status, noted }) => {
    // Long enough for the second attempt, which is answered, on a machine that does much else.
    const harness = await start({ webhookTimeoutMs: 2_000 });
    await endpoint(harness, { enabled_events: ['payment_intent.succeeded'] });
    receiver.status = status;
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    const [delivery] = await deliveries(harness);
    const [attempt] = delivery?.attempts ?? [];
    expect(attempt).toMatchObject(noted);
    expect(delivery).toMatchObject({ state: 'waiting', next_attempt: (attempt?.at ?? 0) + 300 });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/webhooks']);

    receiver.status = 204;
    harness.sandbox.advance(300);
    await settle(harness);
    expect(await deliveries(harness)).toMatchObject([{ state: 'succeeded', next_attempt: null }]);
  });

  it('goes on after a restart: what was not delivered is not lost', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-webhooks-'));
    try {
      const before = await start({ dataDir, ...configured() });
      await before.control('POST', 'webhooks', { hold: true });
      await before.stripe.paymentIntents.create(payment);
      const after = await start({ dataDir, ...configured() });
      await settle(after);
      expect(receiver.verified(SECRET)).toHaveLength(3);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});

describe('on their way, events', () => {
  it('can be held and let go', async () => {
    const harness = await start(configured());
    await harness.control('POST', 'webhooks', { hold: true, types: ['charge.*'] });
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    expect(receiver.types().sort()).toEqual(['payment_intent.created', 'payment_intent.succeeded']);
    await harness.control('POST', 'webhooks', {});
    await settle(harness);
    expect(receiver.types()).toContain('charge.succeeded');
  });

  it('can come several times', async () => {
    const harness = await start(configured());
    await harness.control('POST', 'webhooks', { duplicate: 2 });
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    expect(receiver.types()).toHaveLength(9);
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(3);
  });

  it('can come in another order, the same for the same seed', async () => {
    const order = async (seed: number): Promise<string[]> => {
      receiver.received.length = 0;
      const harness = await start(configured());
      await harness.control('POST', 'webhooks', { hold: true });
      for (let i = 0; i < 4; i += 1) await harness.stripe.paymentIntents.create(payment);
      await harness.control('POST', 'webhooks', { reorder: true, seed });
      await settle(harness);
      return receiver.received.map(({ event }) => event.id);
    };
    const first = await order(1);
    expect(first).toHaveLength(12);
    expect(await order(1)).toEqual(first);
    const other = await order(2);
    expect(other).not.toEqual(first);
    expect([...other].sort()).toEqual([...first].sort());
  });

  it('can be lost, and are still listed as not delivered', async () => {
    const harness = await start(configured());
    await harness.control('POST', 'webhooks', { drop: true, types: ['payment_intent.succeeded'] });
    await harness.stripe.paymentIntents.create(payment);
    await settle(harness);
    const lost = await harness.stripe.events.list({ delivery_success: false });
    expect(lost.data.map(({ type, pending_webhooks }) => [type, pending_webhooks])).toEqual([
      ['payment_intent.succeeded', 1],
    ]);
    expect((await harness.stripe.events.list({ delivery_success: true })).data).toHaveLength(2);
    expect(receiver.types()).not.toContain('payment_intent.succeeded');
  });

  it('can each be sent by hand, as often as a test likes', async () => {
    const harness = await start(configured());
    await harness.control('POST', 'webhooks', { hold: true });
    await harness.stripe.paymentIntents.create(payment);
    const held = await deliveries(harness, '?state=due&type=charge.*');
    const id = held[0]?.id;
    for (let i = 0; i < 2; i += 1) {
      const sent = await harness.control<Delivery>('POST', `webhooks/${id}/send`);
      expect(sent).toMatchObject({ state: 'succeeded' });
    }
    expect(receiver.types()).toEqual(['charge.succeeded', 'charge.succeeded']);
  });

  it.each([{ drop: 2 }, { duplicate: -1 }, { hold: 'yes' }, { types: 'charge.*' }, { loose: true }])(
    'are not disturbed by %j',
    async (body) => {
      const { control } = await start();
      expect(await control('POST', 'webhooks', body)).toHaveProperty('error');
    },
  );
});

describe('the list of events', () => {
  it('is filtered by type, types, time, and cut into pages', async () => {
    const { stripe, sandbox } = await start();
    await stripe.paymentIntents.create(payment);
    sandbox.advance(60);
    const { created } = await stripe.paymentIntents.create({ ...payment, capture_method: 'manual' });
    const types = async (params: Stripe.EventListParams) =>
      (await stripe.events.list(params)).data.map(({ type }) => type);

    expect(await types({ type: 'payment_intent.*', created: { gte: created } })).toEqual([
      'payment_intent.amount_capturable_updated',
      'payment_intent.created',
    ]);
    expect(await types({ types: ['charge.succeeded', 'payment_intent.succeeded'] })).toHaveLength(3);
    const whole = await types({});
    const paged = await stripe.events.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(paged.map(({ type }) => type)).toEqual(whole);
  });

  it('shows what an update changed, with the values before', async () => {
    const { stripe, client, sandbox } = await start();
    await client('2026-10-28.endive').paymentIntents.create(payment);
    sandbox.advance(60);
    const [settled] = (await stripe.events.list({ type: 'charge.updated' })).data;
    expect(settled?.data).toEqual({
      object: expect.objectContaining({ balance_transaction: expect.stringMatching(/^txn_/) }),
      previous_attributes: { balance_transaction: null },
    });
    const [charge] = (await stripe.charges.list()).data;
    const refund = await stripe.refunds.create({ charge: charge?.id ?? '' });
    await stripe.refunds.update(refund.id, { metadata: { reason: 'late' } });
    const [changed] = (await stripe.events.list({ type: 'charge.refund.updated' })).data;
    expect(changed?.data.previous_attributes).toEqual({ metadata: { reason: null } });
    const [created] = (await stripe.events.list({ type: 'refund.created' })).data;
    expect(created?.data).not.toHaveProperty('previous_attributes');
  });

  it('goes back no further than the events that are kept, the newest, however many payments come', async () => {
    const { stripe } = await start({ settings: { events_kept_max: 10 } });
    for (let n = 0; n < 12; n += 1)
      await stripe.customers.create({ name: `Ada ${n}` }, { idempotencyKey: `customer-${n}` });
    const names = (await stripe.events.list({ type: 'customer.created', limit: 100 })).data.map(
      ({ data }) => (data.object as { name: string }).name,
    );
    // The request that forgets adds its own.
    expect(names).toHaveLength(11);
    expect(names[0]).toBe('Ada 11');
    expect(names.at(-1)).toBe('Ada 1');
  });

  it('goes back thirty days', async () => {
    const { stripe, sandbox } = await start();
    await stripe.paymentIntents.create(payment);
    sandbox.advance(30 * 86_400);
    expect((await stripe.events.list({ type: 'payment_intent.succeeded' })).data).toEqual([]);
  });
});
