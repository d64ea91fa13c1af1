import type { Charge } from '../objects/payments.ts';

/** What went back to the customer of a captured charge. */
export function givenBack({ amount_refunded, sandbox }: Charge): number {
  return amount_refunded - sandbox.releasedAsRefund;
}

/** What a refund may still give back. */
export function refundable(charge: Charge): number {
  return charge.amount_captured - givenBack(charge);
}
