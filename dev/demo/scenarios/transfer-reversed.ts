import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';

/** The transfer's workflow has ended by then: what was reversed is read from Stripe. */
export const transferReversed: Scenario = {
  name: 'transfer-reversed',
  title: 'special-case transfer with no order, reversed in part in the Dashboard',
  expected: {
    customer: usd(2000),
    platform: usd(2000 - 88 - 1000 - 250 + 100),
    connected: usd(1000 + 250 - 100),
    stripe: usd(88),
    facts: { transfer: 'partially_reversed', 'cents reversed': 100, reversals: 1 },
  },
  async play({ api, sandbox, accounts, step }) {
    step('charge 20.00 by a card whose money is available at once; 10.00 are transferred');
    const order = await api.createOrder({
      amount: 2000,
      currency: 'usd',
      token: 'tok_bypassPending',
      connected_account: accounts.us,
      transfer_amount: 1000,
      capture_method: 'automatic',
    });
    step('transfer 2.50 from the platform’s balance');
    const { id, stripe_transfer: made } = await api.transfer({
      amount: 250,
      currency: 'usd',
      destination: accounts.us,
      description: 'seller of the month',
    });
    step('somebody takes 1.00 of it back in the Dashboard');
    await sandbox.reverseInDashboard(made ?? '', 100);
    const transfer = await api.readTransfer(id);
    return {
      orders: [order],
      transfers: [transfer],
      facts: {
        transfer: transfer.status,
        'cents reversed': transfer.amount_reversed,
        reversals: transfer.reversals?.length ?? null,
      },
    };
  },
};
