import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destinationPlatformFee, sumFees } from '../../../domain/money/fees.ts';
import { MoneyError } from '../../../domain/money/money.ts';

describe('a destination platform fee', () => {
  it('is what was captured less what was transferred, at least nothing', () => {
    const sale = { currency: 'usd', captured: 1000, reversing: [] };
    expect(destinationPlatformFee({ ...sale, transferred: 877 })).toEqual({
      currency: 'usd',
      amount: 123,
      refunded: 0,
    });
    expect(destinationPlatformFee({ ...sale, transferred: 2000 }).amount).toBe(0);
  });

  it('is given back whole by a whole refund, and never more than it was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.nat(1e9),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (captured, to, part) => {
          const transferred = Math.min(to, captured);
          const refund = Math.floor(captured * part);
          const of = (reversing: number[]) =>
            destinationPlatformFee({ currency: 'usd', captured, transferred, reversing });
          expect(of([captured]).refunded).toBe(captured - transferred);
          const { amount, refunded } = of([refund]);
          expect(refunded).toBeGreaterThanOrEqual(0);
          expect(refunded).toBeLessThanOrEqual(amount);
        },
      ),
    );
  });
});

it('sums keep currencies apart', () => {
  const fee = (currency: string, amount: number, refunded = 0) => ({ currency, amount, refunded });
  expect(sumFees([fee('usd', 1), fee('eur', 5, 2), fee('usd', 2, 1)])).toEqual([
    fee('usd', 3, 1),
    fee('eur', 5, 2),
  ]);
  expect(() => sumFees([fee('usd', Number.MAX_SAFE_INTEGER), fee('usd', 1)])).toThrow(MoneyError);
});
