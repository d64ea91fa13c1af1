import { usd } from '../amounts.ts';
import { onboard } from '../owner.ts';
import type { Scenario } from '../scenario.ts';

/** Its owner fills in Stripe's own form, behind a link that opens once. */
export const expressAccount: Scenario = {
  name: 'express-account',
  title: 'an Express account is onboarded by its owner, and paid',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { 'before the form': 'onboarding', 'after it': 'enabled', status: 'captured' },
  },
  async play({ api, connect, sandbox, step }) {
    return sandbox.withVerificationAtOnce(async () => {
      const made = await connect.createAccount({
        id: 'demo-express',
        type: 'express',
        country: 'US',
        capabilities: ['card_payments', 'transfers'],
      });
      const connected_account = made.id ?? '';
      step('its owner fills in the form');
      await onboard(await connect.onboardingLink(connected_account));
      const account = await connect.enabled(connected_account);
      step('10.00, of which the account gets 8.77');
      const sold = await api.createOrder({
        amount: 1000,
        currency: 'usd',
        token: 'tok_visa',
        connected_account,
        transfer_amount: 877,
        capture_method: 'automatic',
      });
      return {
        orders: [sold],
        facts: { 'before the form': made.status, 'after it': account.status, status: sold.status },
      };
    });
  },
};
