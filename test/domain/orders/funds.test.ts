import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Balances } from '../../../domain/money/money.ts';
import type { Dispute } from '../../../domain/orders/dispute.ts';
import type { Funds } from '../../../domain/orders/funds.ts';
import { fundsOf } from '../../../domain/orders/funds.ts';
import type { Order } from '../../../domain/orders/order.ts';
import { amountRefunded } from '../../../domain/orders/order.ts';
import { outstandingOf } from '../../../domain/orders/outstanding.ts';
import type { Settlement } from '../../../domain/orders/payment.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { dispute, facts, orderIn, refund, SETTLEMENT, transfer, wonDispute } from '../../support/builders.ts';

/** What moves between the three parties of a destination charge in one currency, in minor units. */
interface Moves {
  readonly stripeFee: number;
  readonly transferred: number;
  readonly applicationFee: number;
}

/** Stripe's rules (STRIPE.md 5 and 6): US card 2.9 % rounded half up, and 30; all of it is transferred unless told else. */
function movesOf(paid: number, applicationFee: number | null, transferAmount: number | null): Moves {
  return {
    stripeFee: Math.round((paid * 29) / 1000) + 30,
    transferred: transferAmount ?? paid,
    applicationFee: applicationFee ?? 0,
  };
}

function settlementOf(paid: number, { stripeFee, transferred, applicationFee }: Moves): Settlement {
  return {
    currency: 'usd',
    stripeFee,
    platform: { usd: paid - stripeFee - transferred + applicationFee },
    connected: { usd: transferred - applicationFee },
  };
}

interface RefundWish {
  readonly share: number;
  readonly reverse: boolean;
  readonly feeBack: boolean;
  readonly fails: boolean;
}

/** Refunds a share of what is left; reversal and fee refund are proportional, as Stripe rounds them (STRIPE.md 8). */
function refunded(order: Order, moves: Moves, wish: RefundWish, index: number): Order {
  const captured = order.payment.status === 'captured' ? order.payment.amountCaptured : 0;
  const amount = Math.floor((captured - amountRefunded(order)) * wish.share);
  if (amount === 0) return order;
  const proportion = (of: number) => Math.round((of * amount) / captured);
  const reversed = wish.reverse ? proportion(moves.transferred) : 0;
  const feeBack = wish.reverse && wish.feeBack ? proportion(moves.applicationFee) : 0;
  return transition(order, {
    type: 'refund_recorded',
    refund: refund({
      id: `re_${index}`,
      amount,
      status: wish.fails ? 'failed' : 'succeeded',
      reversal: wish.reverse ? { id: `trr_${index}`, amount: reversed, currency: 'usd' } : null,
      applicationFeeRefunded: feeBack,
      // What failed came back to the platform; the reversal and the fee did not.
      platform: { usd: (wish.fails ? 0 : -amount) + reversed - feeBack },
      connected: { usd: -reversed + feeBack },
    }),
  });
}

/** Every part in the one currency, and nothing in another. */
function inDollars(funds: Funds): number {
  const dollars = (side: Balances | null): number => {
    expect(Object.keys(side ?? {}).filter((currency) => currency !== 'usd')).toEqual([]);
    return side?.usd ?? 0;
  };
  return Number(funds.stripeFee) + dollars(funds.platform) + dollars(funds.connected);
}

const wishes = fc.array(
  fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    reverse: fc.boolean(),
    feeBack: fc.boolean(),
    fails: fc.boolean(),
  }),
  { maxLength: 8 },
);
const amount = fc.integer({ min: 50, max: 100_000_000 });
const portion = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));

describe('the funds of an order', () => {
  it('add up, whatever was refunded: what the customer paid and did not get back is with Stripe, the platform or the seller', () => {
    fc.assert(
      fc.property(amount, portion, fc.boolean(), wishes, (paid, part, asTransfer, wanted) => {
        const cut = part === null ? null : Math.floor(paid * part);
        const moves = movesOf(paid, asTransfer ? null : cut, asTransfer ? cut : null);
        const settlement = settlementOf(paid, moves);
        const start = orderIn('succeeded', { amountReceived: paid, settlement }, { amount: paid });
        const order = wanted.reduce((known, wish, n) => refunded(known, moves, wish, n), start);
        const funds = fundsOf(order);
        expect(funds.gross).toBe(paid);
        expect(inDollars(funds)).toBe(paid - amountRefunded(order));
      }),
    );
  });

  it('only change hands by a special-case transfer', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.boolean())), (moved) => {
        const order = moved.reduce((known, [cents, toSeller], n) => {
          const destination = toSeller ? 'acct_seller' : 'acct_other';
          const recorded = transfer({
            id: `tr_${n}`,
            amount: cents,
            destination,
            platform: { usd: -cents },
            connected: { usd: cents },
          });
          return transition(known, { type: 'transfer_recorded', transfer: recorded });
        }, orderIn('succeeded'));
        const toOthers = moved.reduce((sum, [cents, toSeller]) => sum + (toSeller ? 0 : cents), 0);
        expect(inDollars(fundsOf(order))).toBe(1000 - toOthers);
      }),
    );
  });

  it.each([
    ['application_fee_amount 1.23', movesOf(1000, 123, null)],
    ['transfer_data[amount] 8.77', movesOf(1000, null, 877)],
  ])('are, for 10.00 with %s, as the seeds say', (_, moves) => {
    expect(fundsOf(orderIn('succeeded', { settlement: settlementOf(1000, moves) }))).toEqual({
      gross: 1000,
      stripeFee: 59,
      platform: { usd: 64 },
      connected: { usd: 877 },
      settlementCurrency: 'usd',
    });
  });

  it('count what Stripe gives back of its own fee with a refund, as it does to some platforms', () => {
    const settlement = settlementOf(1000, movesOf(1000, 123, null));
    const order = transition(orderIn('succeeded', { settlement }), {
      type: 'refund_recorded',
      refund: refund({ amount: 500, platform: { usd: -500 + 15 }, connected: {}, stripeFee: { usd: -15 } }),
    });
    const funds = fundsOf(order);
    expect(funds).toMatchObject({ stripeFee: 59 - 15, platform: { usd: 64 - 500 + 15 } });
    expect(inDollars(funds)).toBe(500);
  });

  it('count what Stripe takes for a dispute as its fee: once the bank has the money back, the parts add up to nothing', () => {
    const settlement = settlementOf(1000, movesOf(1000, 123, null));
    const disputed = (seen: Dispute) =>
      fundsOf(transition(orderIn('succeeded', { settlement }), { type: 'dispute_observed', dispute: seen }));
    const lost = disputed(dispute({ status: 'lost' }));
    expect(lost).toMatchObject({ stripeFee: 59 + 1500, platform: { usd: 64 - 2500 } });
    expect(inDollars(lost)).toBe(0);
    expect(inDollars(disputed(wonDispute()))).toBe(1000);
    const kept = disputed(wonDispute({ fee: { usd: 1500 }, platform: { usd: -1500 } }));
    expect(kept).toMatchObject({ stripeFee: 59 + 1500 });
    expect(inDollars(kept)).toBe(1000);
  });

  it('keep two currencies apart where the fee arrives in another one than the charge was settled in', () => {
    const settlement = {
      currency: 'eur',
      stripeFee: 54,
      platform: { eur: -54, usd: 123 },
      connected: { eur: 790 },
    };
    const order = transition(orderIn('succeeded', { settlement }), {
      type: 'refund_recorded',
      refund: refund({ platform: { eur: -460, usd: -62 }, connected: { eur: -395 } }),
    });
    expect(fundsOf(order)).toMatchObject({ platform: { eur: -514, usd: 61 }, connected: { eur: 395 } });
  });

  it('are nothing before the capture', () => {
    for (const status of ['pending', 'requires_capture', 'canceled'] as const) {
      expect(fundsOf(orderIn(status))).toEqual({
        gross: 0,
        stripeFee: 0,
        platform: {},
        connected: {},
        settlementCurrency: null,
      });
    }
  });

  it('are what was captured so far while more may be captured, the rest unknown until all of it is', () => {
    const partly = orderIn('requires_capture', { amountReceived: 400, amountCapturable: 600 });
    expect(fundsOf(partly)).toMatchObject({ gross: 400, stripeFee: null, platform: null, connected: null });
    expect(outstandingOf(partly)).toEqual(['settlement']);
    const settlement = {
      currency: 'usd',
      stripeFee: 42,
      platform: { usd: 358 - 400 },
      connected: { usd: 400 },
    };
    const seen = (changes: Parameters<typeof facts>[1]) =>
      transition(partly, {
        type: 'payment_observed',
        payment: facts('requires_capture', { amountReceived: 400, amountCapturable: 600, ...changes }),
      });
    const settled = seen({ settlement });
    expect(fundsOf(settled)).toMatchObject({ gross: 400, stripeFee: 42, connected: { usd: 400 } });
    expect(outstandingOf(settled)).toEqual([]);
    const again = {
      type: 'payment_observed',
      payment: facts('requires_capture', { amountReceived: 400 }),
    } as const;
    expect(fundsOf(transition(settled, again))).toEqual(fundsOf(settled));
    const more = { ...again, payment: facts('requires_capture', { amountReceived: 700 }) };
    expect(fundsOf(transition(settled, more))).toMatchObject({ gross: 700, connected: null });
  });

  it('are unknown, not zero, until Stripe has settled', () => {
    expect(fundsOf(orderIn('succeeded', { settlement: null }))).toEqual({
      gross: 1000,
      stripeFee: null,
      platform: null,
      connected: null,
      settlementCurrency: null,
    });
  });

  it.each([
    ['refund', { type: 'refund_recorded', refund: refund({ platform: null }) }],
    ['transfer', { type: 'transfer_recorded', transfer: transfer({ platform: null }) }],
  ] as const)('leave the platform’s part unknown while the balance transaction of a %s is', (_, event) => {
    const first = transition(orderIn('succeeded'), event);
    const more = transition(first, { type: 'refund_recorded', refund: refund({ id: 're_later' }) });
    expect(fundsOf(first).platform).toBeNull();
    expect(fundsOf(more)).toMatchObject({ platform: null, stripeFee: SETTLEMENT.stripeFee });
  });
});
