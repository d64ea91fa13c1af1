import { z } from 'zod';
import * as field from './fields.ts';
import { timeRange } from './time-range.ts';

const LIMIT_DEFAULT = 10;
/** The longest page. */
export const LIMIT_MAX = 100;

export const limit = z
  .string()
  .regex(/^\d{1,9}$/, { error: 'must be an integer', abort: true })
  .transform(Number)
  .pipe(z.number().int().min(1).max(LIMIT_MAX))
  .default(LIMIT_DEFAULT)
  .meta({
    type: 'integer',
    minimum: 1,
    maximum: LIMIT_MAX,
    default: LIMIT_DEFAULT,
    description: 'How many items a page has at most.',
  });

export const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

export const needsAttentionFlag = flag.describe(
  'true: only those that need attention. false: only the others.',
);

export const pendingFor = {
  'pending_for[gte]': z
    .string()
    .regex(/^\d{1,9}$/, { error: 'must be a number of seconds', abort: true })
    .transform(Number)
    .optional()
    .meta({
      type: 'integer',
      minimum: 0,
      maximum: 999_999_999,
      description: 'An operation has been retried for at least that many seconds.',
    }),
};
export const format = z
  .enum(['json', 'csv'])
  .optional()
  .describe('What the answer is written in. When absent, the header `Accept` decides.');
/** Beside {@link format}. */
export const acceptHeaders = z.object({
  Accept: z.string().optional().describe('`text/csv` asks for CSV; `format` comes before it.'),
});

/** As Stripe's: a list's items are summaries unless their data is asked for. */
export const expandData = {
  'expand[]': z
    .enum(['data'])
    .optional()
    .meta({ description: 'data: the whole objects, asked of their workflows, instead of summaries.' }),
};

/** Where a page of a list goes on. */
export function startingAfter<Id extends z.ZodType>(id: Id) {
  return id.optional().describe('The last id of the page before.');
}

export const listTransfersQuery = z.strictObject({
  limit,
  starting_after: startingAfter(field.orderId),
  needs_attention: needsAttentionFlag,
  ...pendingFor,
  destination: field.account.optional(),
});

export const listAccountsQuery = z.strictObject({
  limit,
  starting_after: startingAfter(field.account),
  needs_attention: z
    .literal('true')
    .optional()
    .meta({ description: 'Only what Waybill has stuck, also an account that Stripe has not made yet.' }),
});

export type ListAccountsQuery = z.output<typeof listAccountsQuery>;

export const listCustomersQuery = z.strictObject({
  limit,
  starting_after: startingAfter(field.customerId),
  email: field.email.optional().describe('Only those with this address.'),
});

export const listPaymentMethodsQuery = z.strictObject({
  limit,
  starting_after: startingAfter(field.paymentMethodId),
});
export const listBalanceTransactionsQuery = z.strictObject({
  limit,
  starting_after: startingAfter(field.anyStripeId),
  type: field
    .textUpTo(100)
    .optional()
    .meta({ example: 'charge', description: "Only those of this type of Stripe's." }),
  payout: field.anyStripeId.optional().meta({ description: 'Those that an automatic payout paid out.' }),
  source: field.anyStripeId.optional().describe('Only those of this Stripe object.'),
  currency: field.payoutCurrency.optional(),
  ...timeRange('created'),
  ...timeRange('available_on'),
});
export type ListBalanceTransactionsQuery = z.output<typeof listBalanceTransactionsQuery>;

const feeFilters = {
  connected_account: field.account.optional(),
  currency: field.currency.optional().meta({ description: 'Of the sale.' }),
  ...timeRange('created'),
};
export const feesQuery = z.strictObject({
  limit,
  starting_after: startingAfter(field.anyStripeId),
  format,
  ...feeFilters,
});
export const feeTotalsQuery = z.strictObject(feeFilters);
export type FeeTotalsQuery = z.output<typeof feeTotalsQuery>;
