import { z } from 'zod';
import { account, customerId, orderId, paymentMethodId, payoutId } from './fields.ts';

/** `{id}` of an order, or of a transfer with no order: both are the caller's or made by Waybill. */
export const idParams = z.strictObject({ id: orderId.describe('The id of the order or transfer.') });
/** `{id}` of an account: Stripe's, or the caller's own reference. */
export const accountParams = z.strictObject({ id: account });
const customer = customerId.describe('Stripe’s id of the customer.');
export const customerParams = z.strictObject({ id: customer });
export const customerMethodParams = z.strictObject({
  id: customer,
  payment_method: paymentMethodId.describe('A payment method of the customer.'),
});

export const ownPayoutParams = z.strictObject({
  id: account,
  payout: payoutId.describe('A payout of Waybill’s (wpo_…).'),
});

/** Of a payout: Waybill's own id, or Stripe's of one that was made by the account's schedule. */
export const payoutParams = z.strictObject({
  id: account,
  payout: z
    .string()
    .regex(/^(wpo|po)_[A-Za-z0-9]{1,250}$/, { error: 'must be an id that starts with wpo_ or po_' })
    .describe('A payout of Waybill’s (wpo_…), or one of the account’s schedule (po_…).'),
});

/** Of a payout that Stripe made by the account's schedule. */
export const automaticPayoutParams = z.strictObject({
  id: account,
  payout: z
    .string()
    .regex(/^po_[A-Za-z0-9]{1,250}$/, {
      error: 'must be an automatic payout (po_…): Stripe does not say what one made by hand carried',
    })
    .describe('A payout that Stripe made by the account’s schedule (po_…).'),
});
