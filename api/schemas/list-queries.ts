import { z } from 'zod';
import { DISPUTE_STATUSES } from '../../domain/dispute.ts';
import * as field from './fields.ts';
import { ORDER_STATUSES } from './order.ts';
import { PAYOUT_STATUSES } from './payout.ts';
import { timeRange } from './time-range.ts';

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

export const limit = z
  .string()
  .regex(/^\d{1,9}$/, { error: 'must be an integer', abort: true })
  .transform(Number)
  .pipe(z.number().int().min(1).max(LIMIT_MAX))
  .default(LIMIT_DEFAULT)
  .meta({ type: 'integer', minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT });

const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

const pendingFor = {
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

export const listOrdersQuery = z.strictObject({
  limit,
  starting_after: field.orderId.optional().meta({ description: 'The last id of the page before.' }),
  status: z.enum(ORDER_STATUSES).optional(),
  needs_attention: flag,
  ...pendingFor,
  dispute_status: z.enum(DISPUTE_STATUSES).optional(),
  connected_account: field.accountId.optional(),
  customer: field.customerId.optional(),
  ...timeRange('created'),
  ...timeRange('capture_before'),
});
export type ListOrdersQuery = z.output<typeof listOrdersQuery>;

export const listTransfersQuery = z.strictObject({
  limit,
  starting_after: field.orderId.optional(),
  needs_attention: flag,
  ...pendingFor,
  destination: field.accountId.optional(),
});

export const listAccountsQuery = z.strictObject({ limit, starting_after: field.accountId.optional() });

export const listCustomersQuery = z.strictObject({
  limit,
  starting_after: field.customerId.optional(),
  email: field.email.optional(),
});

export const listPaymentMethodsQuery = z.strictObject({
  limit,
  starting_after: field.paymentMethodId.optional(),
});
const payoutFilters = {
  limit,
  starting_after: z
    .string()
    .regex(/^(wpo|po)_[A-Za-z0-9]{1,250}$/, { error: 'must be the id of a payout' })
    .optional(),
  status: z.enum(PAYOUT_STATUSES).optional(),
  needs_attention: flag,
  ...pendingFor,
};
export const listPayoutsQuery = z.strictObject({
  ...payoutFilters,
  connected_account: field.accountId.optional(),
});
export const listAccountPayoutsQuery = z.strictObject({
  ...payoutFilters,
  automatic: flag.meta({
    description: "true: those that Stripe made by the account's schedule; otherwise those of Waybill.",
  }),
});
export type ListPayoutsQuery = z.output<typeof listPayoutsQuery>;

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
  connected_account: field.accountId.optional(),
  currency: field.currency.optional().meta({ description: 'Of the sale.' }),
  ...timeRange('created'),
};
export const feesQuery = z.strictObject({
  limit,
  starting_after: field.anyStripeId.optional().meta({ description: 'The last id of the page before.' }),
  format: z.enum(['json', 'csv']).optional(),
  ...feeFilters,
});
export const feeTotalsQuery = z.strictObject(feeFilters);
export type FeeTotalsQuery = z.output<typeof feeTotalsQuery>;
