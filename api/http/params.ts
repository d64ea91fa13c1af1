import { z } from 'zod';
import { account, customerId, orderId, paymentMethodId, payoutId } from './fields.ts';

/** `{id}` of an order, or of a transfer with no order: both are the caller's or made by Waybill. */
export const idParams = z.strictObject({ id: orderId });
/** `{id}` of an account: Stripe's, or the caller's own reference. */
export const accountParams = z.strictObject({ id: account });
export const customerParams = z.strictObject({ id: customerId });
export const customerMethodParams = z.strictObject({ id: customerId, payment_method: paymentMethodId });

export const ownPayoutParams = z.strictObject({
  id: account,
  payout: payoutId,
});

/** Of a payout: Waybill's own id, or Stripe's of one that was made by the account's schedule. */
export const payoutParams = z.strictObject({
  id: account,
  payout: z
    .string()
    .regex(/^(wpo|po)_[A-Za-z0-9]{1,250}$/, { error: 'must be an id that starts with wpo_ or po_' }),
});

/** Of a payout that Stripe made by the account's schedule. */
export const automaticPayoutParams = z.strictObject({
  id: account,
  payout: z.string().regex(/^po_[A-Za-z0-9]{1,250}$/, {
    error: 'must be an automatic payout (po_…): Stripe does not say what one made by hand carried',
  }),
});
