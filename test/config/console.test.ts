import { expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';

it.each([
  ['sk_test_x', 'https://dashboard.stripe.com/test'],
  ['rk_test_x', 'https://dashboard.stripe.com/test'],
  ['sk_live_x', 'https://dashboard.stripe.com'],
  ['rk_live_x', 'https://dashboard.stripe.com'],
  [undefined, null],
])('with the key %s the console’s links to Stripe’s Dashboard begin with %s', (key, base) => {
  const secret = 'x'.repeat(32);
  const stripe = { WAYBILL_API_KEYS: `shop:service:${secret}`, WAYBILL_STATE_SECRET: secret };
  const config = loadConfig(key === undefined ? {} : { ...stripe, STRIPE_SECRET_KEY: key });
  expect(config.api.links.stripeDashboard).toBe(base);
});
