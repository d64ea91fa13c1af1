import fc from 'fast-check';
import Stripe from 'stripe';
import { expect, vi } from 'vitest';
import { ControlRefused, control, createOrder } from '../e2e/support.ts';
import type { Waybill } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

const METHODS = {
  automatic: { capture_method: 'automatic' },
  automatic_async: { capture_method: 'automatic_async' },
  manual: { capture_method: 'manual' },
  increased: { capture_method: 'manual', request_incremental_authorization: true },
  in_parts: { capture_method: 'manual', request_multicapture: true },
  bank_debit: { capture_method: 'automatic_async', payment_method: 'pm_usBankAccount_success' },
} as const;

const FLAGS = [{}, { reverse_transfer: true }, { reverse_transfer: true, refund_application_fee: true }];

const ANSWERED_WITHIN = { timeout: 90_000, interval: 500 };

/** Where one order is. */
interface Scene {
  readonly waybill: Waybill;
  readonly orderId: string;
  readonly paymentIntent: string;
  /** How much, and which of several: minor units. */
  readonly amount: number;
}

/** Whether it took effect. */
type Deed = (scene: Scene) => Promise<boolean>;

/** What may happen to a payment, by its order's API, in the Dashboard or at a bank. Much of it Stripe refuses, as the moment is. */
const DEEDS: Readonly<Record<string, Deed>> = {
  ...Object.fromEntries(
    FLAGS.flatMap((flags, at): [string, Deed][] => [
      [`refund_${at}`, (scene) => command(scene, 'refunds', { amount: scene.amount, ...flags })],
      [
        `outside_refund_${at}`,
        ({ waybill: { stripe }, paymentIntent, amount }) =>
          done(stripe.refunds.create({ payment_intent: paymentIntent, amount, ...flags })),
      ],
    ]),
  ),
  refund_rest: (scene) => command(scene, 'refunds', FLAGS[scene.amount % FLAGS.length] ?? {}),
  reverse: async (scene) => {
    const transfer = of(await transfersOf(scene), scene);
    if (!transfer) return false;
    return done(scene.waybill.stripe.transfers.createReversal(transfer.id, { amount: scene.amount }));
  },
  give_fee_back: async (scene) => {
    const { stripe } = scene.waybill;
    const fees = await stripe.applicationFees.list({ charge: (await chargeOf(scene)).id });
    const fee = of(fees.data, scene);
    if (!fee) return false;
    return done(stripe.applicationFees.createRefund(fee.id, { amount: Math.min(scene.amount, 20) }));
  },
  transfer: (scene) => command(scene, 'transfers', { amount: scene.amount, description: 'goodwill' }),
  refund_fails: async (scene) => {
    const refunds = await scene.waybill.stripe.refunds.list({ payment_intent: scene.paymentIntent });
    const refund = of(refunds.data, scene);
    return refund ? done(control(scene.waybill, `refunds/${refund.id}/fail`)) : false;
  },
  bank_takes_back: async (scene) =>
    done(control(scene.waybill, `charges/${(await chargeOf(scene)).id}/fail`)),
  dispute: async (scene) =>
    done(
      control(scene.waybill, `charges/${(await chargeOf(scene)).id}/dispute`, {
        amount: scene.amount,
        inquiry: scene.amount % 5 === 0,
      }),
    ),
  decide: async (scene) => {
    const { data } = await scene.waybill.stripe.disputes.list({ payment_intent: scene.paymentIntent });
    const verdict = scene.amount % 2 === 0 ? 'won' : 'lost';
    return data[0] ? done(control(scene.waybill, `disputes/${data[0].id}/decide`, { verdict })) : false;
  },
  acknowledge: (scene) => command(scene, 'resolve', { action: 'acknowledge', reason: 'seen' }),
};

/** Any life of an order. */
export const DEED_NAMES: readonly string[] = Object.keys(DEEDS);

export const life = fc.record({
  begins: fc.constantFrom(...(Object.keys(METHODS) as (keyof typeof METHODS)[])),
  isAdopted: fc.nat(3).map((n) => n === 0),
  currency: fc.constantFrom('usd', 'usd', 'eur', 'gbp'),
  account: fc.constantFrom('acct_1WaybillUSCustom', 'acct_1WaybillUSXpress', 'acct_1WaybillDECustom'),
  onBehalfOf: fc.boolean(),
  split: fc.constantFrom({}, { application_fee_amount: 123 }, { transfer_amount: 600 }),
  onDisputeLost: fc.constantFrom('bear', 'recover'),
  deeds: fc.array(
    fc.record({ deed: fc.constantFrom(...DEED_NAMES), amount: fc.integer({ min: 1, max: 250 }) }),
    { minLength: 2, maxLength: 9 },
  ),
});
export type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

/** Lives it to its end: the PaymentIntent that it was about, and what took effect. */
export async function live(waybill: Waybill, orderId: string, story: Life) {
  const { begins, isAdopted, deeds } = story;
  const paymentIntent = await (isAdopted ? paid(waybill, story) : ordered(waybill, orderId, story));
  const at = { waybill, orderId, paymentIntent };
  const now = { ...at, amount: 0 };
  const effects: string[] = [];
  if (begins === 'increased') await attempt(() => command(now, 'increment', { amount: 1200 }));
  if (begins === 'in_parts') {
    await attempt(() => command(now, 'capture', { amount: 300, final: false }));
    const part = { amount_to_capture: 250, final_capture: false };
    await attempt(() => done(waybill.stripe.paymentIntents.capture(paymentIntent, part)));
  }
  if (METHODS[begins].capture_method === 'manual') {
    const capture = () => done(waybill.stripe.paymentIntents.capture(paymentIntent));
    await attempt(isAdopted ? capture : () => command(now, 'capture', {}));
  }
  const adoptsAt = isAdopted ? Math.floor(deeds.length / 2) : -1;
  for (const [n, { deed, amount }] of deeds.entries()) {
    if (n === adoptsAt) await command(now, 'adopt', { payment_intent: paymentIntent });
    if (await attempt(async () => DEEDS[deed]?.({ ...at, amount }) ?? false)) effects.push(deed);
  }
  return { paymentIntent, effects };
}

async function ordered(waybill: Waybill, id: string, story: Life): Promise<string> {
  const { account, onBehalfOf, split, begins, onDisputeLost } = story;
  const terms = { connected_account: account, on_behalf_of: onBehalfOf, on_dispute_lost: onDisputeLost };
  await createOrder(waybill, {
    id,
    ...terms,
    ...split,
    ...METHODS[begins],
    currency: currencyOf(story),
  });
  // A busy machine may answer with 202, before Stripe has.
  return vi.waitFor(async () => {
    const { body } = await request(waybill, 'GET', `/v1/orders/${id}`);
    expect(body.payment_intent).toMatch(/^pi_/);
    return body.payment_intent;
  }, WITHIN);
}

/** Somebody made it before Waybill was there. */
async function paid({ stripe }: Waybill, story: Life): Promise<string> {
  const { account, onBehalfOf, begins, split } = story;
  const { transfer_amount, ...fee } = { transfer_amount: undefined, ...split };
  const { capture_method, payment_method = 'pm_card_visa' } = {
    payment_method: undefined,
    ...METHODS[begins],
  };
  const { id } = await stripe.paymentIntents.create({
    amount: 1000,
    currency: currencyOf(story),
    confirm: true,
    capture_method,
    payment_method,
    transfer_data: { destination: account, ...(transfer_amount ? { amount: transfer_amount } : {}) },
    ...fee,
    ...(onBehalfOf ? { on_behalf_of: account } : {}),
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    ...(begins === 'in_parts'
      ? { payment_method_options: { card: { request_multicapture: 'if_available' } } }
      : {}),
  });
  return id;
}

function currencyOf({ begins, currency }: Life): string {
  return begins === 'bank_debit' ? 'usd' : currency;
}

async function done(call: Promise<unknown>): Promise<true> {
  await call;
  return true;
}

/** What Stripe, its bank or Waybill refuses leaves everything as it was. */
async function attempt(deed: () => Promise<boolean>): Promise<boolean> {
  try {
    return await deed();
  } catch (error) {
    const isRefused =
      error instanceof Stripe.errors.StripeInvalidRequestError || error instanceof ControlRefused;
    if (!isRefused) throw error;
    return false;
  }
}

let commands = 0;

/** A caller repeats what was answered 503 under the same key. */
async function command({ waybill, orderId }: Scene, what: string, body: object): Promise<boolean> {
  const key = `life-${++commands}`;
  const { status } = await vi.waitFor(async () => {
    const answer = await request(waybill, 'POST', `/v1/orders/${orderId}/${what}`, { body, key });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
    return answer;
  }, ANSWERED_WITHIN);
  return status < 300;
}

async function chargeOf({ waybill, paymentIntent }: Scene): Promise<Stripe.Charge> {
  const { data } = await waybill.stripe.charges.list({ payment_intent: paymentIntent });
  if (!data[0]) throw new ControlRefused('nothing was charged');
  return data[0];
}

async function transfersOf(scene: Scene): Promise<readonly Stripe.Transfer[]> {
  const { id, transfer_group: group } = await chargeOf(scene);
  if (!group) return [];
  const { data } = await scene.waybill.stripe.transfers.list({ transfer_group: group });
  return data.filter(({ source_transaction: source }) => source === id);
}

function of<T>(all: readonly T[], { amount }: Scene): T | undefined {
  return all[amount % all.length];
}
