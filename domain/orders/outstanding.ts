import type { Order } from './order.ts';
import { capturedPartOf } from './payment.ts';

/**
 * What Stripe has not reported yet, or may still take back: `settlement` until the charge has its balance transaction, transfer
 * and fee (with `automatic_async` a little after the capture), or the id of a refund, transfer or reversal.
 */
export function outstandingOf({
  payment,
  failedCharges,
  refunds,
  transfers,
  adjustments,
  recoveries,
}: Order): readonly string[] {
  const waiting = refunds.filter(({ platform, status }) => platform === null || UNDECIDED.has(status));
  return [
    ...(capturedPartOf(payment)?.settlement === null ? ['settlement'] : []),
    ...failedCharges.flatMap(({ charge, settlement }) => (settlement === null ? [charge] : [])),
    ...waiting.map(({ id }) => id),
    ...[...transfers, ...adjustments].filter(({ platform }) => platform === null).map(({ id }) => id),
    // What a recovery moved is read after it.
    ...recoveries.flatMap(({ reversal }) =>
      reversal && !adjustments.some(({ id }) => id === reversal.id) ? [reversal.id] : [],
    ),
  ];
}

export function isNothingOutstanding(order: Order): boolean {
  return outstandingOf(order).length === 0;
}

/**
 * Whether nothing of the order is on its way: nothing is outstanding, no operation is pending or stuck, and neither the
 * customer nor a bank still has to do something for the payment.
 */
export function isComplete(order: Order): boolean {
  const { payment, pending, attention } = order;
  return isNothingOutstanding(order) && !pending && !attention && !UNDECIDED_PAYMENTS.has(payment.status);
}

const UNDECIDED_PAYMENTS: ReadonlySet<string> = new Set([
  'pending',
  'requires_payment_method',
  'requires_action',
  'processing',
]);

const UNDECIDED: ReadonlySet<string> = new Set(['pending', 'requires_action']);
