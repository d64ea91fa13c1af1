import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { sale } from './sale.ts';

/** The application fee stays whole; Stripe takes its share of what was captured: 2.9 % of 6.00 and 0.30. */
export const partialCapture: Scenario = {
  name: 'partial-capture',
  title: 'authorize 10.00, capture 6.00',
  expected: {
    customer: usd(600),
    platform: usd(123 - 47),
    connected: usd(600 - 123),
    stripe: usd(47),
    facts: { 'cents capturable first': 1000, status: 'captured', 'cents capturable still': 0 },
  },
  async play(stage) {
    stage.step('authorize 10.00');
    const authorized = await stage.api.createOrder(sale(stage));
    stage.step('capture 6.00: the other 4.00 are released');
    const order = await stage.api.capture(authorized, { amount: 600 });
    return {
      orders: [order],
      facts: {
        'cents capturable first': authorized.amount_capturable,
        status: order.status,
        'cents capturable still': order.amount_capturable,
      },
    };
  },
};
