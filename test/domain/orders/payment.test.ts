import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IllegalTransition } from '../../../domain/illegal-transition.ts';
import type { PaymentFacts, PaymentState } from '../../../domain/orders/payment.ts';
import { isPaymentIntentStatus, PAYMENT_INTENT_STATUSES } from '../../../domain/orders/payment.ts';
import { applyPayment } from '../../../domain/orders/payment-transition.ts';
import { observation } from '../../support/arbitraries.ts';
import { facts, NOW, SETTLEMENT } from '../../support/builders.ts';

const PENDING: PaymentState = { status: 'pending' };
/** How far each status is from the start; the test's own table, not the code's. */
const DISTANCE = {
  pending: 0,
  requires_payment_method: 1,
  requires_action: 1,
  processing: 1,
  authorized: 2,
  captured: 3,
  canceled: 3,
  expired: 3,
} as const;
const TERMINAL = 3;

/** What is known after these observations; one that contradicts what is known changes nothing. */
function told(observations: readonly PaymentFacts[], start: PaymentState = PENDING): PaymentState {
  return observations.reduce((state, seen) => {
    try {
      return applyPayment(state, seen);
    } catch (error) {
      if (error instanceof IllegalTransition) return state;
      throw error;
    }
  }, start);
}

describe('what Stripe says of a new payment', () => {
  const redirect = { type: 'redirect_to_url' };
  const authorized = {
    status: 'authorized',
    paymentIntent: 'pi_1',
    latestCharge: 'ch_1',
    amount: 1000,
    amountCapturable: 1000,
    amountCaptured: 0,
    settlement: null,
    authorizedAt: NOW,
    captureBefore: facts('requires_capture').captureBefore,
    multicapture: false,
    incrementable: false,
  };
  const captured = {
    status: 'captured',
    paymentIntent: 'pi_1',
    latestCharge: 'ch_1',
    amount: 1000,
    amountCaptured: 1000,
    captureBefore: null,
    transfer: 'tr_1',
    applicationFee: 'fee_1',
    settlement: SETTLEMENT,
  };
  const canceled = (reason: string | null) => ({ status: 'canceled', paymentIntent: 'pi_1', reason });

  it.each([
    [facts('requires_payment_method'), { status: 'requires_payment_method', paymentIntent: 'pi_1' }],
    [facts('requires_confirmation'), { status: 'requires_payment_method', paymentIntent: 'pi_1' }],
    [
      facts('requires_action', { nextAction: redirect }),
      { status: 'requires_action', paymentIntent: 'pi_1', nextAction: redirect },
    ],
    [facts('processing'), { status: 'processing', paymentIntent: 'pi_1' }],
    [facts('requires_capture'), authorized],
    [facts('succeeded'), captured],
    [facts('succeeded', { amountReceived: 100 }), { ...captured, amountCaptured: 100 }],
    [facts('canceled'), canceled(null)],
    [facts('canceled', { cancellationReason: 'abandoned' }), canceled('abandoned')],
    [facts('canceled', { cancellationReason: 'automatic' }), { status: 'expired', paymentIntent: 'pi_1' }],
    [facts('canceled', { cancellationReason: 'expired' }), { status: 'expired', paymentIntent: 'pi_1' }],
    // Canceled after some of several captures.
    [
      facts('canceled', { ...facts('succeeded'), status: 'canceled', amountReceived: 300 }),
      { ...captured, amountCaptured: 300 },
    ],
  ])('becomes its state: %o', (seen, state) => {
    expect(applyPayment(PENDING, seen)).toEqual(state);
  });

  it.each(['requires_capture', 'succeeded'] as const)(
    'is not believed when %s comes without a charge',
    (status) => {
      expect(() => applyPayment(PENDING, facts(status, { latestCharge: null }))).toThrow(IllegalTransition);
    },
  );

  it('is not believed when it is about another PaymentIntent', () => {
    const known = applyPayment(PENDING, facts('requires_capture'));
    expect(() => applyPayment(known, facts('succeeded', { paymentIntent: 'pi_2' }))).toThrow(
      IllegalTransition,
    );
  });

  it.each([
    ['succeeded', 'canceled'],
    ['canceled', 'succeeded'],
  ] as const)('is not believed when a payment that %s is now %s', (first, second) => {
    const known = applyPayment(PENDING, facts(first));
    expect(() => applyPayment(known, facts(second))).toThrow(IllegalTransition);
  });
});

describe('observations in any order, late and repeated', () => {
  it('never move a payment back to an earlier stage', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 12 }), observation, (before, late) => {
        const known = told(before);
        expect(DISTANCE[told([late], known).status]).toBeGreaterThanOrEqual(DISTANCE[known.status]);
      }),
    );
  });

  it('never change the status of a payment that has ended', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 12 }), observation, (before, late) => {
        const known = told(before);
        fc.pre(DISTANCE[known.status] === TERMINAL);
        expect(told([late], known).status).toBe(known.status);
      }),
    );
  });

  it('change nothing when the last one is read once more', () => {
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 12 }), (seen) => {
        const once = told(seen);
        expect(told(seen.slice(-1), once)).toEqual(once);
      }),
    );
  });

  it('are ignored when stale: a late word of an earlier stage gives the very same state', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 12 }), observation, (before, late) => {
        const known = told(before);
        const alone = told([late]);
        fc.pre(DISTANCE[alone.status] < DISTANCE[known.status]);
        expect(applyPayment(known, late)).toBe(known);
      }),
    );
  });

  it('lose no settlement, transfer or fee that was known, as automatic_async shows them late', () => {
    const unsettled = { transfer: null, applicationFee: null, settlement: null };
    const early = facts('succeeded', unsettled);
    const known = told([early, facts('succeeded'), early]);
    expect(known).toEqual(applyPayment(PENDING, facts('succeeded')));
    expect(told([early, early])).toMatchObject(unsettled);
  });

  it('go back and forth within one stage: a customer may fail to authenticate and try again', () => {
    const statuses = ['requires_action', 'requires_payment_method', 'requires_action', 'processing'] as const;
    let state: PaymentState = PENDING;
    for (const status of statuses) {
      state = applyPayment(state, facts(status));
      expect(state.status).toBe(status);
    }
  });

  it('renew what an authorization still holds and until when', () => {
    const first = applyPayment(PENDING, facts('requires_capture'));
    const extended = applyPayment(
      first,
      facts('requires_capture', { captureBefore: NOW, amountCapturable: 900 }),
    );
    expect(extended).toMatchObject({ status: 'authorized', captureBefore: NOW, amountCapturable: 900 });
  });
});

describe('isPaymentIntentStatus', () => {
  it('knows Stripe’s statuses, and no other word', () => {
    for (const status of PAYMENT_INTENT_STATUSES) expect(isPaymentIntentStatus(status)).toBe(true);
    for (const word of ['', 'pending', 'captured', 'requires_source']) {
      expect(isPaymentIntentStatus(word)).toBe(false);
    }
  });
});
