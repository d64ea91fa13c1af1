import { expect, it } from 'vitest';
import type { Findings } from '../../domain/reconciliation/reconciliation.ts';
import { combine, NOTHING_FOUND } from '../../domain/reconciliation/reconciliation.ts';
import { type AccountPlace, reconcileAccountPage } from '../../reconciliation/accounts.ts';
import { statementLines } from '../../stripe/account-statement.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { ACCOUNTS, card, type Harness, START, start } from '../sandbox/support.ts';
import { eventfulPayment } from './eventful-payment.ts';
import { withMissingLines } from './missing-lines.ts';
import { NO_ORDERS } from './scripted-temporal.ts';

const DAY_MS = 86_400_000;
const SPAN = { from: START - DAY_MS, to: START + DAY_MS, expectedSince: START + DAY_MS };

async function foundOn({ stripe }: Harness, account: string): Promise<Findings> {
  let findings = NOTHING_FOUND;
  let next: AccountPlace | null = { id: account, createdAt: null, after: null, moved: {}, movedAt: 0 };
  while (next) {
    const page = await reconcileAccountPage({ stripe, temporal: NO_ORDERS }, next, SPAN);
    findings = combine(findings, page.findings);
    next = page.next;
  }
  return findings;
}

/** A sale of the account's own shop, which happens to call its orders as Waybill does. */
async function ownSale({ stripe }: Harness, method = 'pm_card_visa'): Promise<string> {
  const metadata = { waybill_order: 'order-1' };
  const sale = { ...card, payment_method: method, amount: 2_000, metadata };
  return (await stripe.paymentIntents.create(sale, { stripeAccount: ACCOUNTS.usCustom })).id;
}

it('what an account sells by itself is its own business: it ends no run, and names no order', async () => {
  const harness = await start();
  const refunded = await ownSale(harness);
  const as = { stripeAccount: ACCOUNTS.usCustom };
  await harness.stripe.refunds.create({ payment_intent: refunded, amount: 500 }, as);
  await ownSale(harness, 'pm_card_createDispute');
  await harness.stripe.paymentIntents.create({ ...card, amount: 700 }, as);

  const { connected, differences } = await foundOn(harness, ACCOUNTS.usCustom);
  expect(differences).toEqual([]);
  expect(connected.reasons.usd?.account_business?.count).toBeGreaterThanOrEqual(4);

  const created = { gte: SPAN.from / 1_000, lt: SPAN.to / 1_000 };
  const lines = await statementLines(harness.stripe, asAccount(ACCOUNTS.usCustom), { created });
  expect(lines).toMatchObject([{ orderId: null, charges: 4_700, refunds: -500, disputes: -2_000 }]);
});

it.each([
  [
    'differs though money moved after the run began, which may take hours',
    START,
    { differing: 1, pending: 0 },
  ],
  [
    'may differ yet while its last line is younger than a minute',
    Date.now() + DAY_MS,
    { differing: 0, pending: 1 },
  ],
])('a balance %s', async (_, now, expected) => {
  const harness = await start({ now });
  await eventfulPayment(harness, 'pm_card_visa');
  const place = { id: ACCOUNTS.usCustom, createdAt: now, after: null, moved: {}, movedAt: now };
  const span = { from: now - DAY_MS, to: now - 1_000, expectedSince: now - 2_000 };
  const readers = { stripe: withMissingLines(harness.url), temporal: NO_ORDERS };
  const { findings } = await reconcileAccountPage(readers, place, span);
  expect(findings.connected.accounts).toMatchObject(expected);
});
