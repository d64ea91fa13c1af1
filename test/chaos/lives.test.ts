import fc from 'fast-check';
import pMap from 'p-map';
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { foundNow } from '../e2e/reconciled.ts';
import { control, unbalanced } from '../e2e/support.ts';
import { testSeed } from '../support/seed.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { DEED_NAMES, life, live } from './life.ts';

const SEED = testSeed();
const LIVES = 40;
/** Of some two hundred that are tried: Stripe or Waybill refuses the others, as the moment is. */
const EFFECTS_MIN = 60;
/** Kinds that the stories of one seed may happen to leave out. */
const RARE_MAX = 4;
const AT_ONCE = 8;
const AGREES_WITHIN = { timeout: 60_000, interval: 500 };

let waybill: Waybill;
beforeAll(async () => {
  // Orders end as soon as they may, and are taken up again by whatever happens next.
  waybill = await startWaybill({ openMs: 1 }, { webhooks: true, syncEveryMs: 1_000 });
  const features = { multicapture: true, incremental_authorization: true };
  await control(waybill, 'settings', { ...features, bank_debit_seconds: 1 });
  await control(waybill, 'webhooks', { drop: 0.4, duplicate: 1, reorder: true, seed: SEED });
});
afterAll(() => waybill?.stop());

it(`whatever happened to ${LIVES} orders, each comes to what Stripe has, and every cent is explained (seed ${SEED})`, async () => {
  const stories = fc.sample(life, { seed: SEED, numRuns: LIVES });
  const lived = await pMap(
    [...stories.entries()],
    async ([n, story]) => {
      const id = `life-${n}`;
      return { id, story, ...(await live(waybill, id, story)) };
    },
    { concurrency: AT_ONCE },
  );
  await control(waybill, 'webhooks');
  const effects = lived.flatMap((one) => one.effects);
  expect(effects.length).toBeGreaterThan(EFFECTS_MIN);
  expect(new Set(effects).size).toBeGreaterThanOrEqual(DEED_NAMES.length - RARE_MAX);
  for (const { id, story, paymentIntent } of lived) {
    await vi.waitFor(async () => {
      expect(await shownBy(id), JSON.stringify(story)).toEqual(await asStripeHasIt(paymentIntent));
    }, AGREES_WITHIN);
  }
  expect(await unbalanced(waybill)).toEqual([]);
  await vi.waitFor(async () => expect((await foundNow(waybill)).differences).toEqual([]), AGREES_WITHIN);
}, 300_000);

/** What an order shows of its payment; its refunds, disputes and adjustments in whatever order. */
async function shownBy(id: string) {
  const { body } = await request(waybill, 'GET', `/v1/orders/${id}`);
  const { body: explained } = await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`);
  const adjustments: { object: string; id: string; amount: number }[] = body.adjustments;
  const feeRefunds = adjustments.filter(({ object }) => object === 'application_fee_refund');
  const feeBack = [
    ...feeRefunds.map(({ amount }) => amount),
    ...body.refunds.map((refund: { application_fee_refunded: number }) => refund.application_fee_refunded),
  ];
  // Of captures that were converted Stripe tells the parts with the last one alone.
  if (body.status === 'captured' || body.status === 'refunded') {
    const { platform, connected } = explained.totals;
    expect({ platform: body.funds.platform, connected: body.funds.connected }).toEqual({
      platform,
      connected,
    });
  }
  return {
    status: body.status,
    captured: body.amount_captured,
    refunded: body.amount_refunded,
    refunds: stated(body.refunds),
    disputes: stated(body.disputes),
    feeBack: sum(feeBack),
    reversedAlone: idsOf(adjustments.filter(({ object }) => object === 'transfer_reversal')),
  };
}

async function asStripeHasIt(paymentIntent: string): Promise<Awaited<ReturnType<typeof shownBy>>> {
  const { stripe } = waybill;
  const intent = await stripe.paymentIntents.retrieve(paymentIntent, { expand: ['latest_charge'] });
  const charge = intent.latest_charge as Stripe.Charge;
  const { data: listed } = await stripe.refunds.list({ charge: charge.id, limit: 100 });
  // What was never captured is released as a refund of money that never moved.
  const refunds = listed.filter(({ balance_transaction: entry }) => entry !== null);
  const refunded = sum(refunds.flatMap(({ status, amount }) => (status === 'failed' ? [] : [amount])));
  const fees = (await stripe.applicationFees.list({ charge: charge.id })).data;
  const group = charge.transfer_group;
  const transfers = group ? (await stripe.transfers.list({ transfer_group: group, limit: 100 })).data : [];
  const reversals = await Promise.all(
    transfers.map(async ({ id }) => (await stripe.transfers.listReversals(id, { limit: 100 })).data),
  );
  const captured = intent.amount_received;
  const isRefunded = intent.status === 'succeeded' && refunded >= captured;
  return {
    status: isRefunded ? 'refunded' : STATUS[intent.status],
    captured,
    refunded,
    refunds: stated(refunds),
    disputes: stated((await stripe.disputes.list({ charge: charge.id })).data),
    feeBack: sum(fees.map(({ amount_refunded: back }) => back)),
    reversedAlone: idsOf(reversals.flat().filter(({ source_refund: refund }) => refund === null)),
  };
}

const STATUS: Partial<Record<Stripe.PaymentIntent.Status, string>> = {
  succeeded: 'captured',
  requires_capture: 'authorized',
  requires_payment_method: 'requires_payment_method',
};

function stated(all: readonly { id: string; status: string | null }[]): string[] {
  return all.map(({ id, status }) => `${id} ${status}`).toSorted();
}

function idsOf(all: readonly { id: string }[]): string[] {
  return all.map(({ id }) => id).toSorted();
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((before, amount) => before + amount, 0);
}
