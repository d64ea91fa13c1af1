import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';

/** A bonus that belongs to no order comes from the platform's available balance, so there must be one first. */
export const transferAlone: Scenario = {
  name: 'transfer-alone',
  title: 'special-case transfer of 2.50 with no order',
  expected: {
    customer: usd(2000),
    platform: usd(2000 - 88 - 1000 - 250),
    connected: usd(1000 + 250),
    stripe: usd(88),
    facts: { transfer: 'paid' },
  },
  async play({ api, accounts, step }) {
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
    const transfer = await api.transfer({
      amount: 250,
      currency: 'usd',
      destination: accounts.us,
      description: 'seller of the month',
    });
    return { orders: [order], transfers: [transfer], facts: { transfer: transfer.status } };
  },
};
