import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStripeClient } from '../../stripe/client.ts';
import type { ServedApp } from './serve-app.ts';
import { serveApp } from './serve-app.ts';

const PLATFORM = 'whsec_platform';
const CONNECT = 'whsec_connect';
const NEXT = 'whsec_next';
const MINUTE_SECONDS = 60;

const { webhooks } = createStripeClient({ secretKey: 'sk_test_1', apiBase: 'http://127.0.0.1:9' });

let app: ServedApp;
/** Of the same service with nothing to verify by. */
let secretless: ServedApp;
let live: ServedApp;
beforeAll(async () => {
  // Temporal is out of reach: what gets past the signature and concerns an order cannot be taken.
  app = await serveApp({ webhookSecrets: [PLATFORM, CONNECT, NEXT] });
  secretless = await serveApp({ webhookSecrets: [] });
  live = await serveApp({ webhookSecrets: [PLATFORM, CONNECT], livemode: true });
});
afterAll(async () => {
  await app?.stop();
  await secretless?.stop();
  await live?.stop();
});

/** An event that nobody needs to hear of, unless the test says otherwise. */
function event(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'product.created',
    created: 1_700_000_000,
    livemode: false,
    data: { object: { id: 'prod_1', object: 'product' } },
    ...changes,
  });
}

interface Sent {
  readonly secret?: string;
  readonly ageSeconds?: number;
  /** What was signed, where it is not the body. */
  readonly signed?: string;
  readonly headers?: Record<string, string>;
}

async function send(
  body: string,
  { secret = PLATFORM, ageSeconds = 0, signed, headers }: Sent = {},
  to = app,
) {
  const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
  const signature = webhooks.generateTestHeaderString({ payload: signed ?? body, secret, timestamp });
  const response = await fetch(`${to.url}/webhooks/stripe`, {
    method: 'POST',
    headers: headers ?? { 'Stripe-Signature': signature, 'Content-Type': 'application/json' },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

async function counted(type: string, outcome: string): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`waybill_stripe_events_total{type="${type}",outcome="${outcome}"}`));
  return Number(line?.split(' ')[1] ?? 0);
}

const OF_AN_ORDER = {
  type: 'payment_intent.succeeded',
  data: { object: { id: 'pi_1', object: 'payment_intent', metadata: { waybill_order: 'o-1' } } },
};

describe('an event', () => {
  it.each([
    ['the platform', PLATFORM],
    ['its connected accounts', CONNECT],
    ['a secret being rolled', NEXT],
  ])('is taken when it is signed with the secret of %s', async (_, secret) => {
    expect(await send(event(), { secret })).toMatchObject({
      status: 200,
      body: { object: 'event_receipt', id: 'evt_1', outcome: 'ignored' },
    });
  });

  it('is verified byte for byte, also when its JSON would be the same', async () => {
    const spaced = JSON.stringify(JSON.parse(event()), null, 2);
    expect((await send(spaced)).status).toBe(200);
    expect((await send(spaced, { signed: event() })).status).toBe(400);
  });

  it.each<[string, Sent]>([
    ['without a signature', { headers: { 'Content-Type': 'application/json' } }],
    ['with something else than a signature', { headers: { 'Stripe-Signature': 'nonsense' } }],
    ['signed with another secret', { secret: 'whsec_of_somebody_else' }],
    ['signed over another body', { signed: '{}' }],
    ['signed more than five minutes ago', { ageSeconds: 6 * MINUTE_SECONDS }],
  ])('%s is refused', async (_, sent) => {
    const before = await counted('unknown', 'refused');
    expect(await send(event(), sent)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param: 'Stripe-Signature' },
    });
    expect(await counted('unknown', 'refused')).toBe(before + 1);
  });

  it('signed within the last five minutes is taken', async () => {
    expect((await send(event(), { ageSeconds: 4 * MINUTE_SECONDS })).status).toBe(200);
  });

  it('is taken with half of a surrogate pair in its texts, of which nothing is kept', async () => {
    const half = event({ type: 'product.\ud83d', data: { object: { id: 'prod_1', name: '\ud83d' } } });
    expect(await send(half)).toMatchObject({ status: 200, body: { id: 'evt_1', outcome: 'ignored' } });
    expect(await counted('product.\ufffd', 'ignored')).toBe(1);
  });

  it.each([
    ['no JSON', '{"id":'],
    ['nothing', ''],
    ['no object', 'null'],
    ['a thin event', '{"id":"evt_1","object":"v2.core.event","livemode":false}'],
    ['without a type', event({ ...OF_AN_ORDER, type: undefined })],
    ['without its mode', event({ ...OF_AN_ORDER, livemode: undefined })],
    ['without an object of its own', event({ ...OF_AN_ORDER, data: null })],
    ['without an id of Stripe’s', event({ ...OF_AN_ORDER, id: 'evt_1/../2' })],
    ['of an account that is no text', event({ type: 'account.updated', account: { toString: null } })],
    ['of a request whose key is no text', event({ request: { id: 'req_1', idempotency_key: 5 } })],
  ])('that is %s is refused, signed or not', async (_, body) => {
    expect((await send(body)).status).toBe(400);
  });

  it('of the live mode is refused by a service in test mode', async () => {
    const answer = await send(event({ ...OF_AN_ORDER, livemode: true }));
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('live-mode') } });
  });

  it('of the test mode is refused by a service in live mode, but for those that Stripe sends there itself', async () => {
    expect((await send(event(OF_AN_ORDER), {}, live)).status).toBe(400);
    const connected = event({ type: 'account.updated', account: 'acct_1' });
    expect(await send(connected, { secret: CONNECT }, live)).toMatchObject({
      status: 200,
      body: { outcome: 'other_mode' },
    });
  });

  it('of a connected account in live mode is refused by a service in test mode', async () => {
    const connected = event({ type: 'account.updated', account: 'acct_1', livemode: true });
    expect((await send(connected, { secret: CONNECT })).status).toBe(400);
  });

  it('that is larger than any of Stripe’s is refused unread', async () => {
    const answer = await send(event({ data: { object: { padding: 'x'.repeat(600_000) } } }));
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(answer.body.detail).toContain('512kb');
  });

  it('that Temporal cannot take is not acknowledged, so that Stripe sends it again', async () => {
    const before = await counted('payment_intent.succeeded', 'unavailable');
    expect(await send(event(OF_AN_ORDER))).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await counted('payment_intent.succeeded', 'unavailable')).toBe(before + 1);
  });

  it('of a request of Waybill’s own is acknowledged without a word to anybody', async () => {
    const request = { id: 'req_1', idempotency_key: 'waybill:o-1:capture:cmd_1:0' };
    expect(await send(event({ ...OF_AN_ORDER, request }))).toMatchObject({
      status: 200,
      body: { outcome: 'own' },
    });
  });

  it('cannot be verified by a service without secrets, which says so', async () => {
    expect(await send(event(), {}, secretless)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('STRIPE_WEBHOOK_SECRETS') },
    });
  });
});

it('events come faster than callers without a key may call', async () => {
  const answers = await Promise.all(Array.from({ length: 650 }, () => send(event())));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});
