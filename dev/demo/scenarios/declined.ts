import { usd } from '../amounts.ts';
import { problemOf } from '../api-client.ts';
import type { Scenario } from '../scenario.ts';
import { sale } from './sale.ts';

/** A decline is an answer, not the end: the same order goes on with the next card. */
export const declined: Scenario = {
  name: 'declined',
  title: 'declined, then paid with another card',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { 'first answer': 402, because: 'insufficient_funds', status: 'captured' },
  },
  async play(stage) {
    const { api, step } = stage;
    step('a card without funds');
    const token = 'tok_chargeDeclinedInsufficientFunds';
    const refused = await problemOf(api.createOrder({ ...sale(stage), token }));
    const order = await api.order(refused.problem.order ?? '');
    step('another card');
    const authorized = await api.confirm(order, { payment_method: 'pm_card_visa' });
    const captured = await api.capture(authorized);
    return {
      orders: [captured],
      facts: {
        'first answer': refused.status,
        because: refused.problem.decline_code ?? null,
        status: captured.status,
      },
    };
  },
};
