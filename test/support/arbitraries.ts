import fc from 'fast-check';
import { currencyRules } from '../../domain/money/currencies.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { PaymentFacts } from '../../domain/orders/payment.ts';
import { PAYMENT_INTENT_STATUSES } from '../../domain/orders/payment.ts';
import { transition } from '../../domain/orders/transition.ts';
import { attention, facts, orderIn, refund, SETTLEMENT, transfer } from './builders.ts';

/** One currency of each kind, and some more. */
export const currency = fc.constantFrom('usd', 'eur', 'gbp', 'jpy', 'krw', 'kwd', 'bhd');

export function decimalsOf(code: string): number {
  return currencyRules(code)?.decimals ?? Number.NaN;
}

/** Minor units of any sign, small enough that sums stay exact. */
export const minorUnits = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });

/** Anything that Stripe could tell of the one PaymentIntent `pi_1`, true or late. */
export const observation: fc.Arbitrary<PaymentFacts> = fc
  .record({
    status: fc.constantFrom(...PAYMENT_INTENT_STATUSES),
    cancellationReason: fc.constantFrom(null, 'automatic', 'requested_by_customer', 'abandoned'),
    settled: fc.boolean(),
    captureBefore: fc.constantFrom(null, 1_767_571_200_000),
  })
  .map(({ status, cancellationReason, settled, captureBefore }) =>
    facts(status, {
      captureBefore,
      cancellationReason: status === 'canceled' ? cancellationReason : null,
      ...(status === 'succeeded' && !settled
        ? { transfer: null, applicationFee: null, settlement: null }
        : {}),
    }),
  );

/** An order anywhere in its life. */
export const anyOrder: fc.Arbitrary<Order> = fc
  .record({
    status: fc.constantFrom('pending' as const, ...PAYMENT_INTENT_STATUSES),
    settlement: fc.constantFrom(null, SETTLEMENT, { ...SETTLEMENT, currency: 'eur' }),
    refunds: fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { maxLength: 3 }),
    transfers: fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { maxLength: 2 }),
    stuck: fc.boolean(),
  })
  .map(({ status, settlement, refunds, transfers, stuck }) => {
    let order = orderIn(status, status === 'succeeded' ? { settlement } : {});
    for (const amount of refunds) {
      const recorded = refund({ id: `re_${amount}`, amount, platform: { usd: -amount } });
      order = transition(order, { type: 'refund_recorded', refund: recorded });
    }
    for (const amount of transfers) {
      const recorded = transfer({
        id: `tr_${amount}`,
        amount,
        platform: { usd: -amount },
        connected: { usd: amount },
      });
      order = transition(order, { type: 'transfer_recorded', transfer: recorded });
    }
    return stuck ? transition(order, { type: 'attention_raised', attention: attention() }) : order;
  });
