import fc from 'fast-check';
import pMap from 'p-map';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { asStripeHasIt, shownBy } from '../../dev/chaos/at-stripe.ts';
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
const AGREES_WITHIN = { timeout: 120_000, interval: 500 };

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
      expect(await shown(id), JSON.stringify(story)).toEqual(
        await asStripeHasIt(waybill.stripe, paymentIntent),
      );
    }, AGREES_WITHIN);
  }
  expect(await unbalanced(waybill)).toEqual([]);
  await vi.waitFor(async () => expect((await foundNow(waybill)).differences).toEqual([]), AGREES_WITHIN);
}, 300_000);

/** What an order shows of its payment, whose funds add up. */
async function shown(id: string) {
  const { body } = await request(waybill, 'GET', `/v1/orders/${id}`);
  const { body: explained } = await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`);
  // Of captures that were converted Stripe tells the parts with the last one alone.
  if (body.status === 'captured' || body.status === 'refunded') {
    const { platform, connected } = explained.totals;
    expect({ platform: body.funds.platform, connected: body.funds.connected }).toEqual({
      platform,
      connected,
    });
  }
  return shownBy(body);
}
