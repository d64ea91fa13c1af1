import { z } from 'zod';
import { accountId, customerId, orderId, paymentMethodId } from './fields.ts';

/** `{id}` of an order, or of a transfer with no order: both are the caller's or made by Waybill. */
export const idParams = z.strictObject({ id: orderId });
/** `{id}` of an account: Stripe's, or the caller's own reference. */
export const accountParams = z.strictObject({
  id: orderId.meta({ description: 'acct_…, or your own reference.' }),
});
/** Where only Stripe's own id will do. */
export const stripeAccountParams = z.strictObject({ id: accountId });
export const customerParams = z.strictObject({ id: customerId });
export const customerMethodParams = z.strictObject({ id: customerId, payment_method: paymentMethodId });
