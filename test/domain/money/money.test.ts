import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyRules } from '../../../domain/money/currencies.ts';
import {
  formatMoney,
  MoneyError,
  money,
  negated,
  proportion,
  sumBalances,
} from '../../../domain/money/money.ts';
import { currency, decimalsOf, minorUnits } from '../../support/arbitraries.ts';

describe('money', () => {
  it.each([1.5, 0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('is never %d minor units', (amount) => {
    expect(() => money(amount, 'usd')).toThrow(MoneyError);
  });

  it.each(['USD', 'us', 'xxx', '', 'btc', '__proto__', 'constructor'])(
    'is never in the currency %j',
    (code) => {
      expect(() => money(100, code)).toThrow(MoneyError);
    },
  );

  it('is never made from a fraction, whatever the fraction', () => {
    const fraction = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n));
    fc.assert(
      fc.property(fraction, currency, (n, code) => {
        expect(() => money(n, code)).toThrow(MoneyError);
      }),
    );
  });
});

describe('sumBalances', () => {
  const balances = fc.dictionary(currency, minorUnits);

  it.each([
    [[], {}],
    [[{}], {}],
    [[{ usd: 5 }, { usd: 7 }], { usd: 12 }],
    [[{ usd: 5 }, { eur: 7 }], { usd: 5, eur: 7 }],
    [[{ usd: 5, eur: 1 }, { usd: -5 }], { eur: 1 }],
  ])('%j is %j', (all, sum) => {
    expect(sumBalances(all)).toEqual(sum);
  });

  it('adds currency by currency, in any order, and leaves out what is zero', () => {
    fc.assert(
      fc.property(fc.array(balances), (all) => {
        const sum = sumBalances(all);
        expect(sumBalances(all.toReversed())).toEqual(sum);
        expect(Object.values(sum)).not.toContain(0);
        for (const code of new Set(all.flatMap(Object.keys))) {
          expect(sum[code] ?? 0).toBe(all.reduce((total, each) => total + (each[code] ?? 0), 0));
        }
      }),
    );
  });

  it('adds what accounts hold in a currency that nobody can be charged in, such as that of Bhutan', () => {
    expect(sumBalances([{ btn: 700, usd: 5 }, { btn: -300 }])).toEqual({ btn: 400, usd: 5 });
  });

  it('throws on a fraction, and on a sum that is no longer exact', () => {
    expect(() => sumBalances([{ usd: 0.5 }])).toThrow(MoneyError);
    expect(() => sumBalances([{ usd: Number.MAX_SAFE_INTEGER }, { usd: 1 }])).toThrow(MoneyError);
  });
});

describe('formatMoney', () => {
  it.each([
    [1230, 'usd', '12.30 USD'],
    [5, 'usd', '0.05 USD'],
    [0, 'usd', '0.00 USD'],
    [-1230, 'usd', '-12.30 USD'],
    [-5, 'eur', '-0.05 EUR'],
    [1230, 'jpy', '1230 JPY'],
    [0, 'jpy', '0 JPY'],
    [-7, 'krw', '-7 KRW'],
    [1230, 'kwd', '1.230 KWD'],
    [7, 'kwd', '0.007 KWD'],
    [-1230, 'bhd', '-1.230 BHD'],
    [150, 'zzz', '1.50 ZZZ'],
  ])('writes %d %s as %s', (amount, code, text) => {
    expect(formatMoney({ amount, currency: code })).toBe(text);
  });

  it('loses nothing: the text read back is the same amount, with as many decimals as the currency has', () => {
    fc.assert(
      fc.property(minorUnits, currency, (amount, code) => {
        const [digits = '', shownCurrency] = formatMoney(money(amount, code)).split(' ');
        const fraction = digits.split('.')[1] ?? '';
        expect(fraction).toHaveLength(decimalsOf(code));
        expect(BigInt(digits.replace('.', ''))).toBe(BigInt(amount));
        expect(shownCurrency).toBe(code.toUpperCase());
      }),
    );
  });
});

describe('negated', () => {
  it('takes away, currency by currency, what would have been given', () => {
    expect(negated({ usd: 250, eur: -100 })).toEqual({ usd: -250, eur: 100 });
  });

  it('adds up to nothing with what it negates', () => {
    fc.assert(
      fc.property(fc.dictionary(currency, fc.maxSafeInteger()), (balances) => {
        expect(sumBalances([balances, negated(balances)])).toEqual({});
      }),
    );
  });
});

describe('a share in proportion', () => {
  it.each([
    [877, 333, 1000, 292],
    [877, 1000, 1000, 877],
    [877, 0, 1000, 0],
    [1, 1, 2, 1],
    [999_999_999_999, 999_999_999_998, 999_999_999_999, 999_999_999_998],
  ])('of %i that belongs to %i of %i is %i', (total, part, whole, share) => {
    expect(proportion(total, part, whole)).toBe(share);
  });

  it.each([
    [1, 1, 0],
    [1, -1, 1],
    [-1, 1, 1],
  ])('of %i for %i of %i is none', (total, part, whole) => {
    expect(() => proportion(total, part, whole)).toThrow(MoneyError);
  });
});

describe('currencyRules', () => {
  it.each([
    ['usd', 2, 50, 1, 1],
    ['gbp', 2, 30, 1, 1],
    ['huf', 2, 17_500, 1, 100],
    ['twd', 2, 1, 1, 100],
    ['jpy', 0, 50, 1, 1],
    ['vnd', 0, 1, 1, 1],
    ['kwd', 3, 1, 10, 1],
    ['isk', 2, 1, 100, 100],
    ['ugx', 2, 1, 100, 100],
  ] as const)(
    'knows that %s has %d decimals, is charged from %d minor units up, in steps of %d, and paid out in steps of %d',
    (code, decimals, minimumAmount, chargeStep, payoutStep) => {
      expect(currencyRules(code)).toEqual({ decimals, minimumAmount, chargeStep, payoutStep });
    },
  );

  it('knows no currency in capitals: Stripe writes them small', () => {
    expect(currencyRules('USD')).toBeUndefined();
  });
});
