import { usd } from '../amounts.ts';
import { problemOf } from '../api-client.ts';
import type { Scenario } from '../scenario.ts';
import { earned, payoutIn } from './payee.ts';

/** Asked for before the money is there: refused with what is missing, or, with `when_available`, made once it is. */
export const payoutWhenAvailable: Scenario = {
  name: 'payout-when-available',
  title: 'a payout that waits for its funds',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(377),
    stripe: usd(59),
    bank: usd(500),
    facts: {
      'without waiting': 'balance_insufficient',
      'before the sale': 'waiting_for_funds',
      'after the sale': 'pending',
    },
  },
  async play(stage) {
    const { api, accounts, step } = stage;
    const terms = { amount: 500, currency: 'usd' };
    step('pay out 5.00 of nothing');
    const refusal = await problemOf(api.payOut(accounts.payee, terms));
    step('the same with when_available');
    const waiting = await api.payOut(accounts.payee, { ...terms, when_available: true });
    const order = await earned(stage);
    const payout = await payoutIn(stage, waiting, 'pending');
    return {
      orders: [order],
      payouts: [payout],
      facts: {
        'without waiting': refusal.problem.code ?? null,
        'before the sale': waiting.status,
        'after the sale': payout.status,
      },
    };
  },
};
