import type { Charge } from '../objects/payments.ts';

/** What went back to the customer of a captured charge. Stripe mostly calls refunded, too, what was released without having moved. */
export function givenBack({ amount, amount_captured, amount_refunded, sandbox }: Charge): number {
  return sandbox.features.multicapture ? amount_refunded : amount_refunded - (amount - amount_captured);
}

/** What a refund may still give back. */
export function refundable(charge: Charge): number {
  return charge.amount_captured - givenBack(charge);
}
