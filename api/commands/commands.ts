import { z } from 'zod';
import type { Resolve } from '../../domain/commands/commands.ts';
import { CANCELLATION_REASONS, REFUND_REASONS, RESOLVE_ACTIONS } from '../../domain/commands/commands.ts';
import * as field from '../http/fields.ts';
import { notTogether } from '../http/rules.ts';

export const confirmBody = z
  .strictObject({
    payment_method: field.paymentMethodId.optional().describe('A new payment method after a decline.'),
    token: field.tokenId.optional().describe('A one-off token after a decline.'),
  })
  .superRefine((body, context) => {
    if (body.payment_method !== undefined && body.token !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['token'],
        message: 'cannot be given together with payment_method',
      });
    }
  })
  .meta({
    id: 'OrderConfirm',
    description: 'Empty when the customer is back from 3-D Secure.',
    ...notTogether('payment_method', 'token'),
  });

export const captureBody = z
  .strictObject({
    amount: field.amount.optional().meta({ description: 'All that is authorized when absent.' }),
    final: z.boolean().default(true).meta({
      description: 'Releases the rest. false: more is captured later, where card and account allow it.',
    }),
  })
  .meta({ id: 'OrderCapture' });

export const incrementBody = z
  .strictObject({ amount: field.amount.meta({ description: 'The new total.' }) })
  .meta({ id: 'OrderIncrement' });

export const cancelBody = z
  .strictObject({ reason: z.enum(CANCELLATION_REASONS).optional().describe('Why, for Stripe.') })
  .meta({ id: 'OrderCancel' });

export const refundBody = z
  .strictObject({
    amount: field.amount.optional().meta({ description: 'All that is left when absent.' }),
    reverse_transfer: z.boolean().default(false).meta({
      description: 'Take the share back from the connected account; otherwise the platform bears it.',
    }),
    refund_application_fee: z.boolean().default(false).meta({ description: 'Only with reverse_transfer.' }),
    reason: z.enum(REFUND_REASONS).optional().describe('Why, for Stripe.'),
  })
  .meta({ id: 'OrderRefund' });

export const orderTransferBody = z
  .strictObject({
    amount: field.amount.meta({ description: "Minor units of the order's settlement_currency." }),
    destination: field.account
      .optional()
      .meta({ description: "acct_…, or your own reference. The order's connected account when absent." }),
    description: field.description.describe('Your own text, shown in the Dashboard.'),
  })
  .meta({ id: 'OrderTransfer' });

/** Of a special-case transfer, of an order or of none. */
export const reversalBody = z
  .strictObject({
    amount: field.amount
      .optional()
      .meta({ description: "Minor units of the transfer's currency. All that is left when absent." }),
    reason: field.operatorReason.optional().describe('Why, for the timeline.'),
  })
  .meta({ id: 'TransferReverse' });

export const adoptBody = z
  .strictObject({ payment_intent: field.paymentIntentId.describe('The payment to take over.') })
  .meta({ id: 'OrderAdopt' });

export const resolveBody = z
  .strictObject({
    action: z.enum(RESOLVE_ACTIONS).describe("One of the object's `allowed_actions`."),
    stripe_id: field.anyStripeId.optional().meta({
      description:
        'With mark_done: the Stripe object that shows the effect. About a notice: its subject, if there are several.',
    }),
    reason: field.operatorReason.describe('Why, for the timeline.'),
  })
  .meta({ id: 'Resolve' });

/** Body of `POST /v1/transfers`. */
export const createTransferBody = z
  .strictObject({
    id: field.orderId.optional().meta({
      description: "The caller's own transfer id; one is made otherwise.",
    }),
    amount: field.amount,
    currency: field.currency,
    destination: field.account.describe('Who is paid: acct_…, or your own reference.'),
    description: field.description.describe('Your own text, shown in the Dashboard.'),
  })
  .meta({ id: 'TransferCreate' });

export function resolveCommand(body: z.output<typeof resolveBody>): Resolve {
  return { kind: 'resolve', action: body.action, stripeId: body.stripe_id ?? null, reason: body.reason };
}
