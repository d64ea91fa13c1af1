import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { sold } from './sale.ts';

/** Everything goes back the way it came, but Stripe keeps its fee: the platform bears that. */
export const fullRefund: Scenario = {
  name: 'full-refund',
  title: 'full refund, transfer reversed and fee refunded',
  expected: {
    customer: usd(0),
    platform: usd(-59),
    connected: usd(0),
    stripe: usd(59),
    facts: { status: 'refunded', 'cents of the transfer reversed': 1000, 'cents of the fee refunded': 123 },
  },
  async play(stage) {
    const paid = await sold(stage);
    stage.step('refund all of it');
    const order = await stage.api.refund(paid, { reverse_transfer: true, refund_application_fee: true });
    const [refund] = order.refunds;
    return {
      orders: [order],
      facts: {
        status: order.status,
        'cents of the transfer reversed': refund?.transfer_reversal?.amount ?? null,
        'cents of the fee refunded': refund?.application_fee_refunded ?? null,
      },
    };
  },
};
