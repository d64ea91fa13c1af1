import { usd } from '../amounts.ts';
import { consent } from '../owner.ts';
import type { Scenario } from '../scenario.ts';

/** A Stripe account of somebody's own: its owner lets the platform in, once, and could have said no. */
export const standardAccount: Scenario = {
  name: 'standard-account',
  title: 'a Standard account is connected by OAuth, and paid',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { 'who says no': 'access_denied', 'who says yes': 'connected', reference: 'demo-standard' },
  },
  async play({ api, connect, step }) {
    step('an owner who says no');
    const denied = await consent(await connect.authorize('demo-denied'), 'deny');
    step('an owner who says yes');
    const { connection } = await consent(await connect.authorize('demo-standard'), 'connect');
    const sold = await api.createOrder({
      amount: 1000,
      currency: 'usd',
      token: 'tok_visa',
      connected_account: connection?.account ?? '',
      application_fee_amount: 123,
      capture_method: 'automatic',
    });
    return {
      orders: [sold],
      facts: {
        'who says no': denied.problem?.code ?? null,
        'who says yes': connection?.status ?? null,
        reference: connection?.reference ?? null,
      },
    };
  },
};
