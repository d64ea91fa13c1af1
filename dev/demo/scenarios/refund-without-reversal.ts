import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { sold } from './sale.ts';

/** Without flags the connected account keeps what it got, and the platform pays for the refund. */
export const refundWithoutReversal: Scenario = {
  name: 'refund-without-reversal',
  title: 'full refund without reversal: the platform bears it',
  expected: {
    customer: usd(0),
    platform: usd(64 - 1000),
    connected: usd(877),
    stripe: usd(59),
    facts: { status: 'refunded', 'cents of the transfer reversed': null },
  },
  async play(stage) {
    const paid = await sold(stage);
    stage.step('refund all of it');
    const order = await stage.api.refund(paid);
    return {
      orders: [order],
      facts: {
        status: order.status,
        'cents of the transfer reversed': order.refunds[0]?.transfer_reversal?.amount ?? null,
      },
    };
  },
};
