import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';

/** Both kinds of special-case transfers, paid by mistake: one is taken back in full, the other in part. */
export const transferTakenBack: Scenario = {
  name: 'transfer-taken-back',
  title: 'special-case transfers paid by mistake and taken back',
  expected: {
    customer: usd(2000),
    platform: usd(2000 - 88 - 1000 - 250 + 100),
    connected: usd(1000 + 250 - 100),
    stripe: usd(88),
    facts: {
      'of the order': 'reversed',
      'cents reversed of it': 277,
      'without an order': 'partially_reversed',
      'cents reversed of that': 100,
    },
  },
  async play({ api, accounts, step }) {
    step('charge 20.00 by a card whose money is available at once; 10.00 are transferred');
    const paid = await api.createOrder({
      amount: 2000,
      currency: 'usd',
      token: 'tok_bypassPending',
      connected_account: accounts.us,
      transfer_amount: 1000,
      capture_method: 'automatic',
    });
    step('transfer 2.77 more out of the charge, and take it back');
    const wrong = await api.transferFromOrder(paid, { amount: 277, description: 'wrong order' });
    const order = await api.reverseOrderTransfer(wrong, { reason: 'wrong order' });
    step('transfer 2.50 from the platform’s balance, and take 1.00 back');
    const { id } = await api.transfer({
      amount: 250,
      currency: 'usd',
      destination: accounts.us,
      description: 'seller of the month',
    });
    const transfer = await api.reverseTransfer(id, { amount: 100, reason: 'should be 1.50' });
    return {
      orders: [order],
      transfers: [transfer],
      facts: {
        'of the order': order.transfers[0]?.status ?? null,
        'cents reversed of it': order.transfers[0]?.amount_reversed ?? null,
        'without an order': transfer.status,
        'cents reversed of that': transfer.amount_reversed,
      },
    };
  },
};
