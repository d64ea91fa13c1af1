import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { control, createOrder, unbalanced } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request, SECRET_KEY } from '../support/waybill.ts';

const ORDERS = 3;
/** Long enough that a killed worker's work is taken up (after ten seconds) before Stripe lets the old authorization go. */
const WINDOW_SECONDS = 60;
/** Renewed when half of it is over. */
const RENEWED_WITHIN = { timeout: 90_000, interval: 100 };
const HELD_MS = 4_000;

interface World {
  readonly at: { readonly apiUrl: string; readonly sandboxUrl: string };
  readonly stripe: ReturnType<typeof createStripeClient>;
}

const stacks: Stack[] = [];
beforeAll(() => ensureBuilt(), 300_000);
afterAll(() => Promise.all(stacks.map((stack) => stack.stop())));

/** Processes of its own for each case: each waits for half of its window, and they wait together. */
async function startWorld(): Promise<World & { stack: Stack }> {
  const stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' } });
  stacks.push(stack);
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  return { stack, at, stripe: createStripeClient({ secretKey: SECRET_KEY, apiBase: stack.urls.sandbox }) };
}

/** An order that renews its authorization, by a card that its customer has saved. */
async function renewing({ at, stripe }: World): Promise<Renewing> {
  const customer = await stripe.customers.create({});
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const terms = { customer: customer.id, payment_method: method.id, on_capture_expiry: 'reauthorize' };
  return (await createOrder(at, terms)).body;
}

/** Its PaymentIntents at Stripe, the first one first. */
async function payments({ stripe }: World, id: string) {
  const { data } = await stripe.paymentIntents.list({ limit: 100 });
  return data.filter(({ metadata }) => metadata.waybill_order === id).reverse();
}

async function read({ at }: World, id: string) {
  return (await request(at, 'GET', `/v1/orders/${id}`)).body;
}

interface Renewing {
  readonly id: string;
  readonly payment_intent: string;
}

const isMade = async (world: World, { id }: Renewing) => (await payments(world, id)).length === 2;
const isKnown = async (world: World, { id, payment_intent: old }: Renewing) =>
  (await read(world, id)).payment_intent !== old;
const isReleased = async (world: World, { id }: Renewing) =>
  (await payments(world, id))[0]?.status === 'canceled';

it.concurrent.each([
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
    const world = await startWorld();
    const { stack, at } = world;
    await control(at, 'settings', { capture_window_seconds: WINDOW_SECONDS });
    const orders = await Promise.all(Array.from({ length: ORDERS }, () => renewing(world)));
    await control(at, 'settings', { capture_window_seconds: null });
    await control(at, 'faults', {
      match: { method: 'POST', path, times: ORDERS },
      effect: { delay_ms: HELD_MS, when },
    });
    // Stripe keeps the worker waiting there.
    await vi.waitFor(async () => {
      for (const order of orders) expect(await hasCome(world, order)).toBe(true);
    }, RENEWED_WITHIN);
    await stack.processes.worker.kill('SIGKILL');
    await stack.processes.worker.start();

    for (const { id, payment_intent: old } of orders) {
      await vi.waitFor(async () => {
        expect((await payments(world, id)).map(({ status }) => status)).toEqual([
          'canceled',
          'requires_capture',
        ]);
        expect(await read(world, id)).toMatchObject({
          status: 'authorized',
          reauthorizations: 1,
          needs_attention: null,
        });
      }, RENEWED_WITHIN);
      const captured = await request(at, 'POST', `/v1/orders/${id}/capture`);
      expect(captured).toMatchObject({ status: 200, body: { status: 'captured', amount_captured: 1000 } });
      expect(captured.body.payment_intent).not.toBe(old);
      expect((await payments(world, id)).map((payment) => payment.amount_received)).toEqual([0, 1000]);
    }
    expect(await unbalanced(at)).toEqual([]);
  },
  300_000,
);
