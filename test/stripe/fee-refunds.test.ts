import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import type { KnownMovements } from '../../domain/orders/observation.ts';
import { feeRefundsOf } from '../../stripe/outside-fee-refunds.ts';

interface Given {
  readonly id: string;
  readonly amount: number;
  readonly created: number;
  readonly currency?: string;
}

const NOTHING: KnownMovements = { refunds: [], adjustments: [], applicationFeeRefunded: 0, transfers: [] };

/** An application fee in pounds, given back in those parts. */
function givenBack(total: number, ...parts: readonly Given[]) {
  const feeRefunds = parts.map((part) => ({ currency: 'gbp', ...part }) as Stripe.FeeRefund);
  return { currency: 'gbp', total, feeRefunds };
}

function refund(id: string, created: number): Stripe.Refund {
  return { id, created, transfer_reversal: `trr_of_${id}` } as Stripe.Refund;
}

function idsOf(fees: ReturnType<typeof feeRefundsOf>) {
  const of = Object.fromEntries([...fees.of].map(([id, taken]) => [id, taken.map((one) => one.id)]));
  return { of, alone: fees.alone.map(({ id }) => id) };
}

describe('what was given back of an application fee', () => {
  const [first, second] = [
    { id: 'fr_1', amount: 15, created: 100 },
    { id: 'fr_2', amount: 15, created: 200 },
  ];

  it('belongs to the refund made nearest to its time, or to none', () => {
    const fees = feeRefundsOf(
      givenBack(30, first, second),
      [refund('re_1', 99), refund('re_2', 201)],
      NOTHING,
    );
    expect(idsOf(fees)).toEqual({ of: { re_1: ['fr_1'], re_2: ['fr_2'] }, alone: [] });
    expect(idsOf(feeRefundsOf(givenBack(30, first, second), [], NOTHING))).toEqual({
      of: {},
      alone: ['fr_1', 'fr_2'],
    });
    expect(idsOf(feeRefundsOf(null, [], NOTHING))).toEqual({ of: {}, alone: [] });
  });

  it('before there was a refund is no refund’s', () => {
    const fees = feeRefundsOf(givenBack(30, first, second), [refund('re_1', 200)], NOTHING);
    expect(idsOf(fees)).toEqual({ of: { re_1: ['fr_2'] }, alone: ['fr_1'] });
  });

  it('stays with the refund that is known to have given it, however near another one is', () => {
    const known = { id: 're_1', status: 'succeeded', settled: true, feeRefunds: ['fr_1'] } as const;
    const movements = {
      ...NOTHING,
      refunds: [{ ...known, applicationFeeRefunded: 15 }],
      applicationFeeRefunded: 15,
    };
    const fees = feeRefundsOf(givenBack(30, first, second), [refund('re_1', 200)], movements);
    expect(idsOf(fees)).toEqual({ of: { re_1: ['fr_1'] }, alone: ['fr_2'] });
  });

  it('is given in the fee’s currency, and adds up to what the fee says of itself', () => {
    const inEuro = [first, second, { id: 'fr_3', amount: 4, created: 300 }].map((one) => ({
      ...one,
      currency: 'eur',
    }));
    const all = feeRefundsOf(givenBack(29, ...inEuro), [], NOTHING);
    const told = all.alone.map((one) => all.given(one));
    expect(told).toEqual([13, 13, 3].map((amount) => ({ amount, currency: 'gbp' })));

    const later = { ...NOTHING, adjustments: ['fr_1', 'fr_2'], applicationFeeRefunded: 26 };
    const news = feeRefundsOf(givenBack(29, ...inEuro), [], later);
    expect(news.alone.map((one) => news.given(one))).toEqual([{ amount: 3, currency: 'gbp' }]);
  });

  it('adds up where it was too little to convert', () => {
    const cents = [first, second].map((one) => ({ ...one, amount: 0, currency: 'usd' }));
    const all = feeRefundsOf(givenBack(2, ...cents), [], NOTHING);
    expect(all.alone.map((one) => all.given(one).amount)).toEqual([1, 1]);
    const none = feeRefundsOf(givenBack(0, ...cents), [], NOTHING);
    expect(none.alone.map((one) => none.given(one).amount)).toEqual([0, 0]);
  });
});
