import { expect, it } from 'vitest';
import type { KeyScope } from '../../../domain/commands/key-scope.ts';
import {
  isLimited,
  refusalOfAccounts,
  refusalOfAmount,
  refusalOfSchedule,
} from '../../../domain/commands/key-scope.ts';

const mine = { accounts: ['acct_1', 'acct_2'] };
const limited = { refund_max: { usd: 500 }, transfer_max: {} };

it.each([
  ['of its accounts', mine, ['acct_1', 'acct_2'], null],
  ['of one that is not its own', mine, ['acct_1', 'acct_3'], 'This key does not act for the account acct_3.'],
  [
    'of the whole platform',
    mine,
    null,
    'This key acts for some connected accounts only, and this is about all of them.',
  ],
  ['of anything, where it is not confined', {}, null, null],
])('a key may act for what is %s', (_, scope, accounts, detail) => {
  expect(refusalOfAccounts(scope, accounts)?.detail ?? null).toBe(detail);
});

it.each<[string, KeyScope, Parameters<typeof refusalOfAmount>[1], string | null]>([
  ['at the limit', limited, { what: 'refund', amount: 500, currency: 'usd' }, null],
  [
    'above it',
    limited,
    { what: 'refund', amount: 501, currency: 'usd' },
    'at most 5.00 USD (refund_max), not of 5.01 USD',
  ],
  [
    'in a currency without one',
    limited,
    { what: 'transfer', amount: 1, currency: 'usd' },
    'no transfer_max in usd',
  ],
  [
    'out of an account',
    { payout_max: { usd: 500 } },
    { what: 'payout', amount: 501, currency: 'usd' },
    'makes payouts of at most 5.00 USD (payout_max)',
  ],
  ['that nothing limits', {}, { what: 'refund', amount: 501, currency: 'usd' }, null],
])('a key may give away what is %s', (_, scope, stake, detail) => {
  const refusal = refusalOfAmount(scope, stake);
  if (detail === null) expect(refusal).toBeNull();
  else expect(refusal).toMatchObject({ code: 'limit_exceeded', detail: expect.stringContaining(detail) });
});

it.each<[string, KeyScope, string, boolean]>([
  ['a manual one, where its payouts are limited', { payout_max: { usd: 500 } }, 'manual', true],
  [
    'none by which Stripe pays out, where one payout is limited',
    { payout_max: { usd: 500 } },
    'daily',
    false,
  ],
  [
    'none by which Stripe pays out, where those of a day are',
    { per_day: { payout: { count: 1 } } },
    'weekly',
    false,
  ],
  ['any, where only refunds are limited', { refund_max: { usd: 500 } }, 'daily', true],
])('a key may set a payout schedule: %s', (_, scope, interval, may) => {
  const refusal = refusalOfSchedule(scope, interval);
  if (may) expect(refusal).toBeNull();
  else expect(refusal).toMatchObject({ code: 'limit_exceeded', param: 'interval' });
});

it('knows what is limited', () => {
  expect([isLimited(limited, 'refund'), isLimited({ transfer_max: {} }, 'transfer')]).toEqual([true, true]);
  expect(isLimited({ refund_max: {} }, 'transfer')).toBe(false);
});
