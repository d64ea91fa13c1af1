import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOfCapture } from '../../../domain/orders/capture-share.ts';
import type { Order, OrderTerms } from '../../../domain/orders/order.ts';
import { refusalOf } from '../../../domain/orders/refusals.ts';
import { NOW, orderIn } from '../../support/builders.ts';

/** 10.00 USD are authorized, and some of it is captured. */
function held(captured: number, terms: Partial<OrderTerms>, amount = 1000): Order {
  const facts = {
    amount,
    amountReceived: captured,
    amountCapturable: amount - captured,
    multicapture: true,
    incrementable: true,
  };
  return orderIn('requires_capture', facts, { applicationFeeAmount: null, ...terms });
}

const part = (amount: number) => ({ kind: 'capture', amount, final: false }) as const;
const last = (amount?: number) => ({ kind: 'capture', amount, final: true }) as const;

describe('the share of one of several captures', () => {
  it.each([
    ['the only one', 0, last(300), null],
    ['a first one', 0, part(300), { applicationFeeAmount: 36, transferAmount: null }],
    ['a later one', 300, part(200), { applicationFeeAmount: 25, transferAmount: null }],
    ['the last one, of the rest', 500, last(), { applicationFeeAmount: 62, transferAmount: null }],
    ['the last one, of less', 500, last(100), { applicationFeeAmount: 62, transferAmount: null }],
    [
      'a last one that is less than what is left',
      500,
      last(50),
      { applicationFeeAmount: 50, transferAmount: null },
    ],
  ])('%s', (_, captured, command, share) => {
    expect(shareOfCapture(held(captured, { applicationFeeAmount: 123 }), command)).toEqual(share);
  });

  it('is of the transfer where that was agreed, and of nothing where nothing was', () => {
    expect(shareOfCapture(held(300, { transferAmount: 877 }), last())).toEqual({
      applicationFeeAmount: null,
      transferAmount: 877 - 263,
    });
    expect(shareOfCapture(held(300, {}), last())).toEqual({
      applicationFeeAmount: null,
      transferAmount: null,
    });
    expect(shareOfCapture(orderIn('succeeded'), last())).toBeNull();
  });

  it('comes, over all captures, to what was agreed, and to no more than each of them takes', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 3000 }), (parts, wish) => {
        const amount = parts.reduce((sum, one) => sum + one, 0);
        const agreed = Math.min(wish, amount);
        let [captured, taken] = [0, 0];
        for (const [at, one] of parts.entries()) {
          const order = held(captured, { applicationFeeAmount: agreed }, amount);
          const command = at === parts.length - 1 ? last(one) : part(one);
          const share = shareOfCapture(order, command)?.applicationFeeAmount ?? agreed;
          expect(share).toBeLessThanOrEqual(one);
          captured += one;
          taken += share;
        }
        expect(taken).toBe(agreed);
      }),
    );
  });
});

describe('what cannot be split', () => {
  it.each([
    ['less than a cent of the application fee', held(0, { applicationFeeAmount: 2 }), part(300)],
    ['less than a cent of the transfer', held(0, { transferAmount: 2 }), part(300)],
  ])('a capture that would take %s is refused', (_, order, command) => {
    expect(refusalOf(order, command, NOW)).toMatchObject({ code: 'money_rule', param: 'amount' });
    expect(refusalOf(order, part(500), NOW)).toBeNull();
  });

  it('what is authorized is not raised once a part of it, and of the fee, is captured', () => {
    const raise = { kind: 'increment', amount: 2000 } as const;
    const split = held(300, { applicationFeeAmount: 123 });
    expect(refusalOf(split, raise, NOW)).toMatchObject({ code: 'state_conflict' });
    expect(refusalOf(held(300, {}), raise, NOW)).toBeNull();
    expect(refusalOf(held(0, { applicationFeeAmount: 123 }), raise, NOW)).toBeNull();
  });
});
