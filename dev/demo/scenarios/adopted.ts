import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';

/** A payment that was made at Stripe before Waybill was there is taken over, and refunded as any other. */
export const adopted: Scenario = {
  name: 'adopted',
  title: 'a payment made before Waybill, adopted and refunded in part',
  expected: {
    customer: usd(600),
    platform: usd(64 - 49),
    connected: usd(877 - 400 + 49),
    stripe: usd(59),
    facts: { status: 'captured', 'belongs to the order': 'adopted', 'cents of the transfer reversed': 400 },
  },
  async play({ api, sandbox, accounts, step }) {
    step('somebody charges 10.00 at Stripe, past Waybill');
    const payment = await sandbox.charge(accounts.us);
    step('adopt it');
    const order = await api.adopt(payment);
    step('refund 4.00 of it, the transfer in proportion');
    const refunded = await api.refund(order, {
      amount: 400,
      reverse_transfer: true,
      refund_application_fee: true,
    });
    return {
      orders: [refunded],
      facts: {
        status: refunded.status,
        'belongs to the order': refunded.payment_intent === payment ? refunded.id : null,
        'cents of the transfer reversed': refunded.refunds[0]?.transfer_reversal?.amount ?? null,
      },
    };
  },
};
