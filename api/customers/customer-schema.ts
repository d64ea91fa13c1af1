import { z } from 'zod';
import { rfc3339 } from '../http/common.ts';
import * as field from '../http/fields.ts';
import { exactlyOneOf } from '../http/rules.ts';

export const createCustomerBody = z
  .strictObject({
    email: field.email.optional(),
    name: field.textUpTo(256).optional(),
    phone: field.textUpTo(50).optional(),
    description: field.description.optional(),
    metadata: field.metadataBeside({}).default({}),
  })
  .meta({ id: 'CustomerCreate' });

export const attachBody = z
  .strictObject({
    payment_method: field.paymentMethodId.optional(),
    token: field.tokenId.optional().meta({ description: 'Becomes a payment method of the customer.' }),
    default: z
      .boolean()
      .default(false)
      .meta({ description: 'Pay with it where an order names only the customer.' }),
  })
  .superRefine((body, context) => {
    if ((body.payment_method === undefined) === (body.token === undefined)) {
      context.addIssue({ code: 'custom', path: ['payment_method'], message: 'is required, or else token' });
    }
  })
  .meta({ id: 'PaymentMethodAttach', ...exactlyOneOf('payment_method', 'token') });

export const customerResource = z
  .object({
    id: z.string(),
    object: z.literal('customer'),
    email: z.string().nullable(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    description: z.string().nullable(),
    default_payment_method: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    created: rfc3339,
    livemode: z.boolean(),
  })
  .meta({ id: 'Customer' });
export type CustomerResource = z.output<typeof customerResource>;

export const paymentMethodResource = z
  .object({
    id: z.string(),
    object: z.literal('payment_method'),
    type: z.string(),
    customer: z.string().nullable(),
    card: z
      .object({
        brand: z.string(),
        last4: z.string(),
        exp_month: z.int(),
        exp_year: z.int(),
      })
      .nullable(),
    created: rfc3339,
  })
  .meta({ id: 'PaymentMethod' });
export type PaymentMethodResource = z.output<typeof paymentMethodResource>;
