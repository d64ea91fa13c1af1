import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { earned, payoutIn } from './payee.ts';

/** The bank sends it back: the money is on the balance again, and an operator sees why and decides. */
export const payoutFailed: Scenario = {
  name: 'payout-failed',
  title: 'a payout that the bank sends back',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: {
      status: 'failed',
      'needs attention': 'payout_failed',
      why: 'The bank account has been closed.',
      'after the decision': 'failed',
      'then needs attention': null,
    },
  },
  async play(stage) {
    const { api, sandbox, accounts, step } = stage;
    const order = await earned(stage);
    step('pay out 6.00');
    const made = await api.payOut(accounts.payee, { amount: 600, currency: 'usd' });
    step('the bank account has been closed');
    await sandbox.failPayout(made.stripe_payout ?? '', 'account_closed');
    const failed = await payoutIn(stage, made, 'failed');
    step('an operator leaves the money in the balance');
    const reason = 'the seller sends another bank account';
    const resolved = await api.resolvePayout(failed, { action: 'abandon', reason });
    return {
      orders: [order],
      payouts: [resolved],
      facts: {
        status: failed.status,
        'needs attention': failed.needs_attention?.code ?? null,
        why: failed.failure?.reason ?? null,
        'after the decision': resolved.status,
        'then needs attention': resolved.needs_attention?.code ?? null,
      },
    };
  },
};
