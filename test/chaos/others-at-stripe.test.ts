import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { presentAccount } from '../../api/accounts/present-account.ts';
import { presentStripePayout } from '../../api/payouts/present-payout.ts';
import type { Facts } from '../../dev/chaos/facts.ts';
import { differencesOf } from '../../dev/chaos/facts.ts';
import { OTHERS } from '../../dev/chaos/others-at-stripe.ts';
import type { OtherKind } from '../../dev/chaos/works.ts';
import { DESTINATION } from '../../dev/chaos/works.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { createSandbox, DEFAULT_PLATFORM_KEY } from '../../sandbox/index.ts';
import { createStripeClient } from '../../stripe/client.ts';

const OWN = { stripeAccount: DESTINATION };

let sandbox: Sandbox;
let stripe: Stripe;
/** One of each kind, as Waybill shows it. */
let bodies: Record<OtherKind, Facts>;

beforeAll(async () => {
  sandbox = createSandbox({ seed: 1, now: Date.UTC(2026, 2, 2, 12) });
  const { url } = await sandbox.listen();
  stripe = createStripeClient({ secretKey: DEFAULT_PLATFORM_KEY, apiBase: url });
  await stripe.paymentIntents.create({
    ...{ amount: 100_000, currency: 'usd', confirm: true },
    payment_method: 'pm_card_bypassPending',
    capture_method: 'automatic',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  const terms = { currency: 'usd', destination: DESTINATION };
  await stripe.transfers.create({ ...terms, amount: 5_000 });
  bodies = {
    payout: presentStripePayout(
      await stripe.payouts.create({ amount: 100, currency: 'usd' }, OWN),
      DESTINATION,
    ),
    transfer: await reversedTransfer(await stripe.transfers.create({ ...terms, amount: 100 })),
    account: presentAccount(
      await stripe.accounts.create({
        ...{ type: 'custom', country: 'US', capabilities: { transfers: { requested: true } } },
        settings: { payouts: { schedule: { interval: 'manual' } } },
      }),
      [],
    ),
  };
});
afterAll(() => sandbox.close());

async function reversedTransfer({ id, amount }: Stripe.Transfer): Promise<Facts> {
  const reversals = [];
  for (const part of [40, 60]) reversals.unshift(await stripe.transfers.createReversal(id, { amount: part }));
  return {
    ...{ stripe_transfer: id, status: 'reversed', amount, amount_reversed: amount, currency: 'usd' },
    ...{ destination: DESTINATION, reversals },
  };
}

/** Where what Waybill shows differs from Stripe, or from what was asked for. */
async function differences(kind: OtherKind, defect: Facts = {}, asked: Facts = {}): Promise<string[]> {
  const { shownBy, asStripeHasIt } = OTHERS[kind];
  const there = await asStripeHasIt(stripe, bodies[kind]);
  return differencesOf(kind, { shown: shownBy({ ...bodies[kind], ...defect }), there, asked });
}

it('finds nothing where Waybill shows what Stripe has and what was asked for', async () => {
  expect(await differences('payout', {}, { amount: 100, currency: 'usd' })).toEqual([]);
  expect(await differences('transfer', {}, { status: 'reversed', parts: [60, 40] })).toEqual([]);
  const asked = { status: 'onboarding', country: 'US', payout_interval: 'manual' };
  expect(await differences('account', {}, asked)).toEqual([]);
});

it.each<[OtherKind, Facts, string]>([
  ['payout', { status: 'paid' }, 'payout shows status "paid", Stripe has "pending"'],
  ['payout', { amount: 90 }, 'payout shows amount 90, Stripe has 100'],
  ['payout', { stripe_payout: null }, 'payout shows stripe_payout null, Stripe has "po_'],
  ['payout', { destination: null }, 'payout shows destination null, Stripe has "ba_'],
  ['transfer', { status: 'paid' }, 'transfer shows status "paid", Stripe has "reversed"'],
  ['transfer', { amount_reversed: 40 }, 'transfer shows amount_reversed 40, Stripe has 100'],
  ['transfer', { reversals: [] }, 'transfer shows parts [], Stripe has [60,40]'],
  ['transfer', { destination: 'acct_other' }, 'transfer shows destination "acct_other", Stripe has "acct_1'],
  ['account', { charges_enabled: true }, 'account shows charges_enabled true, Stripe has false'],
  ['account', { payouts_enabled: true }, 'account shows payouts_enabled true, Stripe has false'],
  [
    'account',
    { capabilities: { transfers: 'active' } },
    'account shows transfers "active", Stripe has "inactive"',
  ],
  ['account', { payout_schedule: null }, 'account shows payout_interval nothing, Stripe has "manual"'],
])('sees when a %s shows %o', async (kind, defect, difference) => {
  expect(await differences(kind, defect)).toContainEqual(expect.stringContaining(difference));
});

it('sees what is as Stripe has it, but not as it was asked for', async () => {
  expect(await differences('payout', {}, { amount: 90 })).toEqual(['payout shows amount 100, expected 90']);
  const status = 'account shows status "onboarding", expected "enabled"';
  expect(await differences('account', {}, { status: 'enabled' })).toEqual([status]);
  const stuck = { needs_attention: { code: 'stripe_unreachable' } };
  expect(await differences('transfer', stuck, { needs_attention: null })).toEqual([
    'transfer shows needs_attention {"code":"stripe_unreachable"}, expected null',
  ]);
});
