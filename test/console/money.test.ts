import { describe, expect, it } from 'vitest';
import { amountText, decimalsOf, digits, money, parseAmount } from '../../console/lib/money.mjs';
import { filterOf } from '../../console/lib/search.mjs';
import { CURRENCIES, currencyRules } from '../../domain/money/currencies.ts';
import { formatMoney } from '../../domain/money/money.ts';

describe('money in the console', () => {
  it('has the digits that Stripe gives each currency', () => {
    for (const currency of CURRENCIES) {
      expect([currency, decimalsOf(currency)]).toEqual([currency, currencyRules(currency)?.decimals]);
      expect(money(123_456, currency).replaceAll('\u202f', '')).toBe(
        formatMoney({ amount: 123_456, currency }),
      );
    }
  });

  it.each([
    ['12.30', 'usd', 1230],
    ['12,3', 'usd', 1230],
    ['12', 'usd', 1200],
    ['1200', 'jpy', 1200],
    ['1.230', 'kwd', 1230],
    ['12.301', 'usd', null],
    ['1.5', 'jpy', null],
    ['0', 'usd', null],
    ['-5', 'usd', null],
    ['five', 'usd', null],
    ['1 000', 'usd', null],
  ])('is read from %s in %s', (text, currency, amount) => {
    expect(parseAmount(text, currency)).toBe(amount);
  });

  it('is written with a sign and groups of three, and read back from a field', () => {
    expect(digits(-123_456_789, 'usd')).toBe('−1\u202f234\u202f567.89');
    expect(digits(5, 'usd')).toBe('0.05');
    expect(parseAmount(amountText(1_234_567, 'usd'), 'usd')).toBe(1_234_567);
  });
});

it.each([
  ['pi_1', { payment_intent: 'pi_1' }],
  ['ch_1', { charge: 'ch_1' }],
  ['cus_1', { customer: 'cus_1' }],
  ['acct_1', { connected_account: 'acct_1' }],
  ['jenny@example.com', { customer_email: 'jenny@example.com' }],
  ['order-1', null],
])('a search for %s asks for what it looks like', (text, filter) => {
  expect(filterOf(text)).toEqual(filter);
});
