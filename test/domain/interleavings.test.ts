import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fundsOf } from '../../domain/orders/funds.ts';
import type { Observation } from '../../domain/orders/observation.ts';
import { eventsOf } from '../../domain/orders/observed-events.ts';
import type { Order } from '../../domain/orders/order.ts';
import { orderStatus } from '../../domain/orders/order.ts';
import { outstandingOf } from '../../domain/orders/outstanding.ts';
import { transition } from '../../domain/orders/transition.ts';
import { orderIn } from '../support/builders.ts';
import type { PaymentLife } from '../support/payment-life.ts';
import { paymentLife } from '../support/payment-life.ts';

const RUNS = 5_000;

/** The order after it was told these moments of its payment's life, in this order. */
function observedOrder(moments: readonly Observation[]): Order {
  return moments.reduce(
    (order, moment) => eventsOf(order, moment).reduce(transition, order),
    orderIn('pending'),
  );
}

/** What callers see of it that does not depend on how it came to know. */
function shown(order: Order) {
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  const refunds = order.refunds.toSorted(byId);
  const adjustments = order.adjustments.toSorted(byId);
  return {
    status: orderStatus(order),
    payment: order.payment,
    refunds,
    adjustments,
    disputes: order.disputes,
    funds: fundsOf(order),
    outstanding: outstandingOf({ ...order, refunds, adjustments }),
  };
}

/** A life, and which of its moments an order is told in which order: any may be missing, late or come again. */
const interleaving = paymentLife.chain((life) =>
  fc.record({
    life: fc.constant(life),
    heard: fc.array(fc.nat(life.length - 1), { maxLength: 3 * life.length }),
  }),
);

const last = (life: PaymentLife): Observation[] => life.slice(-1);
const at = (life: PaymentLife, moments: readonly number[]) => moments.flatMap((index) => life[index] ?? []);

describe('whatever an order reads of its payment, in any order, any part twice or never', () => {
  it('one more reading brings it to what Stripe shows', () => {
    fc.assert(
      fc.property(interleaving, ({ life, heard }) => {
        const healed = observedOrder([...at(life, heard), ...last(life)]);
        expect(shown(healed)).toEqual(shown(observedOrder(last(life))));
      }),
      { numRuns: RUNS },
    );
  });

  it('having read everything once is enough, as long as the end came with it', () => {
    fc.assert(
      fc.property(paymentLife, (life) => {
        expect(shown(observedOrder(life))).toEqual(shown(observedOrder(last(life))));
      }),
      { numRuns: RUNS },
    );
  });

  it('what came to its end is never undone by an older answer', () => {
    fc.assert(
      fc.property(interleaving, ({ life, heard }) => {
        const order = observedOrder(last(life));
        const isOver = ['captured', 'canceled', 'expired'].includes(order.payment.status);
        fc.pre(isOver);
        const after = at(life, heard).reduce(
          (known, moment) => eventsOf(known, moment).reduce(transition, known),
          order,
        );
        expect(shown(after)).toEqual(shown(order));
      }),
      { numRuns: RUNS },
    );
  });
});
