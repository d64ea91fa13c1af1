import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { transactionsOf } from '../../../api/balances/order-transactions.ts';
import { eventfulPayment } from '../../reconciliation/eventful-payment.ts';
import { start } from '../../sandbox/support.ts';
import { orderIn } from '../../support/builders.ts';
import { clientShown } from '../../support/client-through.ts';

/** A client that is shown a part of Stripe's fee as the tax on it, as in countries where Stripe charges one. */
function withTaxedFees(url: string): Stripe {
  return clientShown(url, '/v1/balance_transactions', (lines) => {
    for (const { fee_details: details } of lines) {
      const own = details.find(({ type }: { type: string }) => type === 'stripe_fee');
      if (own) details.push({ ...own, amount: 9, type: 'tax' }, { ...own, amount: own.amount - 9 });
      if (own) details.splice(details.indexOf(own), 1);
    }
  });
}

it('what Stripe took of an order includes the tax on it, as its funds do, and not the platform’s own fee', async () => {
  const harness = await start();
  const { intent, charge } = await eventfulPayment(harness, 'pm_card_visa');
  const ids = { paymentIntent: intent.id, latestCharge: charge.id, transfer: String(charge.transfer) };
  const applicationFee = String(charge.application_fee);
  const connectedAccount = String(intent.transfer_data?.destination);
  const order = orderIn('succeeded', { ...ids, applicationFee }, { connectedAccount });
  const { totals } = await transactionsOf(withTaxedFees(harness.url), order);
  expect(totals).toMatchObject({
    stripe_fee: [{ amount: 59, currency: 'usd' }],
    platform: [{ amount: 64, currency: 'usd' }],
  });
});
