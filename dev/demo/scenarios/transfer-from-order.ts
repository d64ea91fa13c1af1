import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';

/** The connected account was promised 7.77 and got 5.00: the rest comes out of the same charge. */
export const transferFromOrder: Scenario = {
  name: 'transfer-from-order',
  title: "special-case transfer of 2.77 out of an order's charge",
  expected: {
    customer: usd(1000),
    platform: usd(1000 - 59 - 777),
    connected: usd(777),
    stripe: usd(59),
    facts: { status: 'captured', 'cents transferred by hand': 277 },
  },
  async play({ api, accounts, step }) {
    step('charge 10.00, of which 5.00 are transferred');
    const paid = await api.createOrder({
      amount: 1000,
      currency: 'usd',
      token: 'tok_visa',
      connected_account: accounts.us,
      transfer_amount: 500,
      capture_method: 'automatic',
    });
    step('transfer 2.77 more');
    const order = await api.transferFromOrder(paid, { amount: 277, description: 'shipping was missing' });
    return {
      orders: [order],
      facts: { status: order.status, 'cents transferred by hand': order.transfers[0]?.amount ?? null },
    };
  },
};
