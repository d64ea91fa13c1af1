import { usd } from '../amounts.ts';
import type { Scenario } from '../scenario.ts';
import { sale } from './sale.ts';

/** The whole amount goes to the connected account, the fee comes back, and Stripe's 0.59 comes out of it. */
export const applicationFee: Scenario = {
  name: 'application-fee',
  title: '10.00 with an application fee of 1.23',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { 'status before capture': 'authorized', status: 'captured' },
  },
  async play(stage) {
    stage.step('authorize 10.00');
    const authorized = await stage.api.createOrder(sale(stage));
    stage.step('capture');
    const order = await stage.api.capture(authorized);
    return {
      orders: [order],
      facts: { 'status before capture': authorized.status, status: order.status },
    };
  },
};
