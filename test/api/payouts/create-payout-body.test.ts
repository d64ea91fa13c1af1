import { expect, it } from 'vitest';
import { createPayoutBody } from '../../../api/payouts/payout-schema.ts';

it.each([
  ['btn', true],
  ['usd', true],
  ['xxx', false],
])('a payout in %s is taken, also where nobody can be charged in it: %s', (currency, isTaken) => {
  expect(createPayoutBody.safeParse({ amount: 500, currency }).success).toBe(isTaken);
});
