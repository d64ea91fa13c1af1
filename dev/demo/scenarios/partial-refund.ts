import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { sold } from './sale.ts';

/** 40 % of the payment goes back, and with it 40 % of the transfer and of the fee: 0.49 of 1.23. */
export const partialRefund: Scenario = {
  name: 'partial-refund',
  title: 'refund of 4.00, transfer and fee in proportion',
  expected: {
    customer: usd(600),
    platform: usd(64 - 49),
    connected: usd(877 - 400 + 49),
    stripe: usd(59),
    facts: { status: 'captured', 'cents of the transfer reversed': 400, 'cents of the fee refunded': 49 },
  },
  async play(stage) {
    const paid = await sold(stage);
    stage.step('refund 4.00');
    const order = await stage.api.refund(paid, {
      amount: 400,
      reverse_transfer: true,
      refund_application_fee: true,
    });
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
