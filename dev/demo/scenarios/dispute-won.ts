import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { disputed, untilOrder } from './disputed.ts';

/** The bank takes the money and the fee; evidence brings the money back. */
export const disputeWon: Scenario = {
  name: 'dispute-won',
  title: 'disputed, answered with evidence, and won',
  expected: {
    customer: usd(1000),
    platform: usd(64 - 1500),
    connected: usd(877),
    stripe: usd(59 + 1500),
    facts: {
      'cents of the platform meanwhile': 64 - 2500,
      asks: 'dispute_needs_response',
      'a refund meanwhile': 409,
      dispute: 'won',
    },
  },
  async play(stage) {
    const { api, step } = stage;
    const { order, refundRefused } = await disputed(stage);
    step('submit evidence');
    await api.submitEvidence(order, { evidence: { uncategorized_text: 'winning_evidence' }, submit: true });
    step('wait for the bank');
    const won = await untilOrder(stage, order, ({ dispute }) => dispute?.status === 'won');
    return {
      orders: [won],
      facts: {
        'cents of the platform meanwhile': order.funds.platform_net,
        asks: order.needs_attention?.code ?? null,
        'a refund meanwhile': refundRefused,
        dispute: won.dispute?.status ?? null,
      },
    };
  },
};
