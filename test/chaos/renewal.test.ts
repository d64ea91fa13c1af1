import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { control, createOrder, unbalanced } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request, SECRET_KEY } from '../support/waybill.ts';

const ORDERS = 3;
/** Long enough that a killed worker's work is taken up (after ten seconds) before Stripe lets the old authorization go. */
const WINDOW_SECONDS = 40;
/** Renewed when half of it is over. */
const RENEWED_WITHIN = { timeout: 60_000, interval: 100 };
const HELD_MS = 4_000;

let stack: Stack;
let at: { apiUrl: string; sandboxUrl: string };
let stripe: ReturnType<typeof createStripeClient>;
beforeAll(async () => {
  ensureBuilt();
  stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' } });
  at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  stripe = createStripeClient({ secretKey: SECRET_KEY, apiBase: stack.urls.sandbox });
}, 300_000);
afterAll(() => stack?.stop(), 60_000);

/** An order that renews its authorization, by a card that its customer has saved. */
async function renewing(): Promise<Renewing> {
  const customer = await stripe.customers.create({});
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const terms = { customer: customer.id, payment_method: method.id, on_capture_expiry: 'reauthorize' };
  return (await createOrder(at, terms)).body;
}

/** Its PaymentIntents at Stripe, the first one first. */
async function payments(id: string) {
  const { data } = await stripe.paymentIntents.list({ limit: 100 });
  return data.filter(({ metadata }) => metadata.waybill_order === id).reverse();
}

async function read(id: string) {
  return (await request(at, 'GET', `/v1/orders/${id}`)).body;
}

interface Renewing {
  readonly id: string;
  readonly payment_intent: string;
}

const isMade = async ({ id }: Renewing) => (await payments(id)).length === 2;
const isKnown = async ({ id, payment_intent: old }: Renewing) => (await read(id)).payment_intent !== old;
const isReleased = async ({ id }: Renewing) => (await payments(id))[0]?.status === 'canceled';

it.each([
  ['has asked for the new authorization, and has no answer', '/v1/payment_intents', 'after', isMade],
  [
    'has the new authorization, and has not let the old one go',
    '/v1/payment_intents/*/cancel',
    'before',
    isKnown,
  ],
  ['has let the old one go, and has no answer', '/v1/payment_intents/*/cancel', 'after', isReleased],
] as const)(
  'there is one authorization in the end when the worker is killed that %s',
  async (_, path, when, hasCome) => {
    await control(at, 'settings', { capture_window_seconds: WINDOW_SECONDS });
    const orders = await Promise.all(Array.from({ length: ORDERS }, renewing));
    await control(at, 'settings', { capture_window_seconds: null });
    await control(at, 'faults', {
      match: { method: 'POST', path, times: ORDERS },
      effect: { delay_ms: HELD_MS, when },
    });
    // Stripe keeps the worker waiting there.
    await vi.waitFor(async () => {
      for (const order of orders) expect(await hasCome(order)).toBe(true);
    }, RENEWED_WITHIN);
    await stack.processes.worker.kill('SIGKILL');
    await stack.processes.worker.start();

    for (const { id, payment_intent: old } of orders) {
      await vi.waitFor(async () => {
        expect((await payments(id)).map(({ status }) => status)).toEqual(['canceled', 'requires_capture']);
        expect(await read(id)).toMatchObject({
          status: 'authorized',
          reauthorizations: 1,
          needs_attention: null,
        });
      }, RENEWED_WITHIN);
      const captured = await request(at, 'POST', `/v1/orders/${id}/capture`);
      expect(captured).toMatchObject({ status: 200, body: { status: 'captured', amount_captured: 1000 } });
      expect(captured.body.payment_intent).not.toBe(old);
      expect((await payments(id)).map((payment) => payment.amount_received)).toEqual([0, 1000]);
    }
    expect(await unbalanced(at)).toEqual([]);
  },
  180_000,
);
