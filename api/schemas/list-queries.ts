import { z } from 'zod';
import * as field from './fields.ts';
import { ORDER_STATUSES } from './order.ts';

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

export const limit = z
  .string()
  .regex(/^\d{1,9}$/, { error: 'must be an integer', abort: true })
  .transform(Number)
  .pipe(z.number().int().min(1).max(LIMIT_MAX))
  .default(LIMIT_DEFAULT)
  .meta({ type: 'integer', minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT });

const time = z.iso
  .datetime({ offset: true, error: 'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z' })
  .transform((text) => Date.parse(text))
  .optional()
  .meta({ type: 'string', format: 'date-time' });

export const listOrdersQuery = z.strictObject({
  limit,
  starting_after: field.orderId.optional().meta({ description: 'The last id of the page before.' }),
  status: z.enum(ORDER_STATUSES).optional(),
  needs_attention: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  connected_account: field.accountId.optional(),
  customer: field.customerId.optional(),
  'created[gt]': time,
  'created[gte]': time,
  'created[lt]': time,
  'created[lte]': time,
  'capture_before[gt]': time,
  'capture_before[gte]': time,
  'capture_before[lt]': time,
  'capture_before[lte]': time,
});
export type ListOrdersQuery = z.output<typeof listOrdersQuery>;

export const listTransfersQuery = z.strictObject({
  limit,
  starting_after: field.orderId.optional(),
  needs_attention: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  destination: field.accountId.optional(),
});

export const listAccountsQuery = z.strictObject({ limit, starting_after: field.accountId.optional() });

export const listCustomersQuery = z.strictObject({
  limit,
  starting_after: field.customerId.optional(),
  email: z.email({ error: 'must be an e-mail address' }).optional(),
});

export const listPaymentMethodsQuery = z.strictObject({
  limit,
  starting_after: field.paymentMethodId.optional(),
});
