import type { Order } from './order.ts';
import type { FailedCharge, PaymentFacts, PaymentState } from './payment.ts';

type Failed = Pick<Order, 'payment' | 'failedCharges'>;

/** With the latest charge, where that has failed. One that moved nothing leaves nothing behind. */
export function withFailure(order: Failed, facts: PaymentFacts): Order['failedCharges'] {
  const { latestCharge: charge, chargeFailure, transfer, applicationFee, settlement } = facts;
  if (charge === null || chargeFailure === null) return order.failedCharges;
  const isKnown = order.failedCharges.some((one) => one.charge === charge);
  if (!isKnown && !isHeld(order, charge) && settlement === null) return order.failedCharges;
  return recorded(order, {
    ...chargeFailure,
    charge,
    wasCaptured: false,
    transfer,
    applicationFee,
    settlement,
  });
}

/**
 * The order after a charge failed that another one has followed since: what it held is gone, and what the other came to is read
 * after that.
 */
export function withEarlierFailure(order: Order, failed: FailedCharge): Order {
  return {
    ...order,
    failedCharges: recorded(order, failed),
    payment: withoutCharge(order.payment, failed.charge),
  };
}

function withoutCharge(payment: PaymentState, charge: string): PaymentState {
  const isHolding = payment.status === 'captured' || payment.status === 'authorized';
  return isHolding && payment.latestCharge === charge
    ? { status: 'requires_payment_method', paymentIntent: payment.paymentIntent }
    : payment;
}

function isHeld({ payment }: Failed, charge: string): boolean {
  return payment.status === 'captured' && payment.latestCharge === charge;
}

/** What is known stays known. A charge that has a transfer had succeeded, whether or not the order heard of that. */
function recorded(order: Failed, failed: FailedCharge): Order['failedCharges'] {
  const { charge } = failed;
  const known = order.failedCharges.find((one) => one.charge === charge);
  const transfer = failed.transfer ?? known?.transfer ?? null;
  const whole: FailedCharge = {
    ...failed,
    wasCaptured: known?.wasCaptured || isHeld(order, charge) || transfer !== null,
    transfer,
    applicationFee: failed.applicationFee ?? known?.applicationFee ?? null,
    settlement: failed.settlement ?? known?.settlement ?? null,
  };
  return known
    ? order.failedCharges.map((one) => (one === known ? whole : one))
    : [...order.failedCharges, whole];
}
