import { z } from 'zod';
import { DISPUTE_STATUSES } from '../../domain/orders/dispute.ts';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import * as field from '../http/fields.ts';
import { flag, limit, pendingFor } from '../http/list-queries.ts';
import { timeRange } from '../http/time-range.ts';

export const listOrdersQuery = z.strictObject({
  limit,
  starting_after: field.orderId.optional().meta({ description: 'The last id of the page before.' }),
  status: z.enum(ORDER_STATUSES).optional(),
  needs_attention: flag,
  ...pendingFor,
  dispute_status: z.enum(DISPUTE_STATUSES).optional(),
  connected_account: field.account.optional(),
  customer: field.customerId.optional(),
  ...timeRange('created'),
  ...timeRange('capture_before'),
});

export type ListOrdersQuery = z.output<typeof listOrdersQuery>;
