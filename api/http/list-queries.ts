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
  .meta({ type: 'integer', minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT });

export const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

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
/** What the answer is written in; otherwise as `Accept` says. */
export const format = z.enum(['json', 'csv']).optional();

/** As Stripe's: a list's items are summaries unless their data is asked for. */
export const expandData = {
  'expand[]': z
    .enum(['data'])
    .optional()
    .meta({ description: 'data: the whole objects, asked of their workflows, instead of summaries.' }),
};

export const listTransfersQuery = z.strictObject({
  limit,
  starting_after: field.orderId.optional(),
  needs_attention: flag,
  ...pendingFor,
  destination: field.account.optional(),
});

export const listAccountsQuery = z.strictObject({
  limit,
  starting_after: field.account.optional(),
  needs_attention: z
    .literal('true')
    .optional()
    .meta({ description: 'Only what Waybill has stuck, also an account that Stripe has not made yet.' }),
});

export type ListAccountsQuery = z.output<typeof listAccountsQuery>;

export const listCustomersQuery = z.strictObject({
  limit,
  starting_after: field.customerId.optional(),
  email: field.email.optional(),
});

export const listPaymentMethodsQuery = z.strictObject({
  limit,
  starting_after: field.paymentMethodId.optional(),
});
export const listBalanceTransactionsQuery = z.strictObject({
  limit,
  starting_after: field.anyStripeId.optional(),
  type: field.textUpTo(100).optional().meta({ example: 'charge' }),
  payout: field.anyStripeId.optional().meta({ description: 'Those that an automatic payout paid out.' }),
  source: field.anyStripeId.optional(),
  currency: field.currency.optional(),
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
  starting_after: field.anyStripeId.optional().meta({ description: 'The last id of the page before.' }),
  format,
  ...feeFilters,
});
export const feeTotalsQuery = z.strictObject(feeFilters);
export type FeeTotalsQuery = z.output<typeof feeTotalsQuery>;
