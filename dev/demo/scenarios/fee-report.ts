import type { FeeTotalsResource } from '../../../api/reports/fees-schema.ts';
import { type Amounts, negative, shown, sum, usd } from '../amounts.ts';
import { ledgerHoldings } from '../holdings.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { sale } from './sale.ts';

/** An application fee, half of it given back, and a destination platform fee: the report says what the ledger says. */
export const feeReport: Scenario = {
  name: 'fee-report',
  title: 'the fee report equals the ledger',
  expected: {
    customer: usd(500 + 1000),
    platform: usd(123 - 62 - 59 + 123 - 59),
    connected: usd(877 - 438 + 877),
    stripe: usd(2 * 59),
    facts: { 'fees by the report': '1.84 USD', 'by the ledger, before Stripe’s own': '1.84 USD' },
  },
  async play(stage) {
    const { api, accounts, step } = stage;
    const before = { report: await reported(stage), ledger: await kept(stage) };
    step('10.00 with an application fee of 1.23, half of it refunded with its share of the fee');
    const sold = await api.createOrder({ ...sale(stage), capture_method: 'automatic' });
    const refunded = await api.refund(sold, {
      amount: 500,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    step('10.00 of which 8.77 are transferred');
    const split = await api.createOrder({
      id: 'fee-report-transfer-amount',
      amount: 1000,
      currency: 'usd',
      token: 'tok_visa',
      connected_account: accounts.us,
      transfer_amount: 877,
      capture_method: 'automatic',
    });
    step('ask for the report');
    const after = { report: await reported(stage), ledger: await kept(stage) };
    return {
      orders: [refunded, split],
      facts: {
        'fees by the report': shown(sum(after.report, negative(before.report))),
        'by the ledger, before Stripe’s own': shown(sum(after.ledger, negative(before.ledger))),
      },
    };
  },
};

async function reported({ api }: Stage): Promise<Amounts> {
  return inAll((await api.feeTotals()).settled);
}

/** What the platform has, and what Stripe took of it. */
async function kept({ sandbox }: Stage): Promise<Amounts> {
  const { platform, stripe } = ledgerHoldings(await sandbox.ledger(), await sandbox.platform());
  return sum(platform, stripe);
}

function inAll(totals: FeeTotalsResource['settled']): Amounts {
  return sum(...totals.map(({ currency, net }) => ({ [currency]: net })));
}
