import { z } from 'zod';
import { exactlyOneOf } from '../../domain/commands/rules.ts';
import { livemode, metadataPairs, rfc3339 } from '../http/common.ts';
import * as field from '../http/fields.ts';

export const createCustomerBody = z
  .strictObject({
    email: field.email.optional().describe('E-mail address.'),
    name: field.textUpTo(256).optional().describe('Full name.'),
    phone: field.textUpTo(20).optional().describe('Telephone number.'),
    description: field.description.optional().describe('Your own text, shown in the Dashboard.'),
    metadata: field.metadataBeside({}).default({}).describe('Your own names and values.'),
  })
  .meta({ id: 'CustomerCreate', example: { email: 'jenny@example.com', name: 'Jenny Rosen' } });

export const attachBody = z
  .strictObject({
    payment_method: field.paymentMethodId
      .optional()
      .describe('A payment method that was made in the browser or app.'),
    token: field.tokenId.optional().meta({ description: 'Becomes a payment method of the customer.' }),
    default: z
      .boolean()
      .default(false)
      .meta({ description: 'Pay with it where an order names only the customer.' }),
  })
  .superRefine((body, context) => {
    if ((body.payment_method === undefined) === (body.token === undefined)) {
      context.addIssue({ code: 'custom', path: ['payment_method'], message: 'or token is required' });
    }
  })
  .meta({
    id: 'PaymentMethodAttach',
    example: { payment_method: 'pm_card_visa', default: true },
    allOf: [exactlyOneOf('payment_method', 'token')],
  });

export const customerResource = z
  .object({
    id: z.string().describe("Stripe's id (cus_…)."),
    object: z.literal('customer'),
    email: z.string().nullable().describe('E-mail address.'),
    name: z.string().nullable().describe('Full name.'),
    phone: z.string().nullable().describe('Telephone number.'),
    description: z.string().nullable().describe('Your own text, shown in the Dashboard.'),
    default_payment_method: z
      .string()
      .nullable()
      .describe('What an order takes which names only the customer (pm_…).'),
    metadata: metadataPairs,
    created: rfc3339.describe('When it was made.'),
    livemode: livemode,
  })
  .meta({ id: 'Customer' });
export type CustomerResource = z.output<typeof customerResource>;

export const paymentMethodResource = z
  .object({
    id: z.string().describe("Stripe's id (pm_…)."),
    object: z.literal('payment_method'),
    type: z.string().describe("Stripe's type, such as card."),
    customer: z.string().nullable().describe('Who saved it (cus_…). Null: it was detached.'),
    card: z
      .object({
        brand: z.string().describe('visa, mastercard and so on.'),
        last4: z.string().describe('The last four digits.'),
        exp_month: z.int().describe('Month of expiry, 1 to 12.'),
        exp_year: z.int().describe('Year of expiry, four digits.'),
      })
      .nullable()
      .describe('Of a card. Null: it is none.'),
    created: rfc3339.describe('When it was made.'),
  })
  .meta({ id: 'PaymentMethod' });
export type PaymentMethodResource = z.output<typeof paymentMethodResource>;
