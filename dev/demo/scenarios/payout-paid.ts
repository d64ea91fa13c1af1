import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { earned, payoutIn } from './payee.ts';

/** Made as the connected account, from its balance; two banking days later it is at its bank. */
export const payoutPaid: Scenario = {
  name: 'payout-paid',
  title: 'payout of 6.00 to the seller’s bank',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(277),
    stripe: usd(59),
    bank: usd(600),
    facts: { 'at first': 'pending', 'three days later': 'paid' },
  },
  async play(stage) {
    const { api, sandbox, accounts, step } = stage;
    const order = await earned(stage);
    step('pay out 6.00, as the connected account');
    const made = await api.payOut(accounts.payee, { amount: 600, currency: 'usd' });
    step('three days pass');
    await sandbox.passDays(3);
    const payout = await payoutIn(stage, made, 'paid');
    return {
      orders: [order],
      payouts: [payout],
      facts: { 'at first': made.status, 'three days later': payout.status },
    };
  },
};
