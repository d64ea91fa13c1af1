import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { disputed, untilOrder } from './disputed.ts';

/** The bank keeps the money; the seller gives back what they got, and the platform bears the fees. */
export const disputeLost: Scenario = {
  name: 'dispute-lost',
  title: 'disputed, lost, and recovered from the connected account',
  expected: {
    customer: usd(0),
    platform: usd(64 - 2500 + 877),
    connected: usd(0),
    stripe: usd(59 + 1500),
    facts: {
      'a refund meanwhile': 409,
      dispute: 'lost',
      recovery: 'recovered',
      'cents of the transfer reversed': 1000,
    },
  },
  async play(stage) {
    const { sandbox, step } = stage;
    const { order, refundRefused } = await disputed(stage, 'recover');
    step('nobody convinces the bank');
    await sandbox.decide(order.dispute?.id ?? '', 'lost');
    step('wait until the seller’s share is back');
    const over = await untilOrder(
      stage,
      order,
      ({ adjustments, dispute }) => dispute?.recovery?.status === 'recovered' && adjustments.length > 1,
    );
    return {
      orders: [over],
      facts: {
        'a refund meanwhile': refundRefused,
        dispute: over.dispute?.status ?? null,
        recovery: over.dispute?.recovery?.status ?? null,
        'cents of the transfer reversed': over.dispute?.recovery?.transfer_reversal?.amount ?? null,
      },
    };
  },
};
