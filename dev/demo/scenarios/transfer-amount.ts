import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';

/** Only 8.77 leaves the platform; of what stays, it pays Stripe. */
export const transferAmount: Scenario = {
  name: 'transfer-amount',
  title: '10.00 with a transfer of 8.77',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { status: 'captured', 'application fee': null },
  },
  async play({ api, accounts, step }) {
    step('authorize 10.00');
    const authorized = await api.createOrder({
      amount: 1000,
      currency: 'usd',
      token: 'tok_visa',
      connected_account: accounts.us,
      transfer_amount: 877,
    });
    step('capture');
    const order = await api.capture(authorized);
    return { orders: [order], facts: { status: order.status, 'application fee': order.application_fee } };
  },
};
