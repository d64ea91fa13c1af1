import { z } from 'zod';
import { problem } from '../../domain/errors.ts';
import { DISPUTE_STATUSES } from '../../domain/orders/dispute.ts';
import { OWN_ORDER_METADATA } from '../../domain/orders/metadata.ts';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import * as field from '../http/fields.ts';
import {
  expandData,
  format,
  limit,
  needsAttentionFlag,
  pendingFor,
  startingAfter,
} from '../http/list-queries.ts';
import { timeRange } from '../http/time-range.ts';

export const listOrdersQuery = z.strictObject({
  limit,
  starting_after: startingAfter(field.orderId),
  ...expandData,
  format,
  payment_intent: field.paymentIntentId.optional().meta({
    description: 'The order of this payment, as Stripe says; none or one. Takes no other filter.',
  }),
  charge: field.chargeId
    .optional()
    .meta({ description: 'The order of this charge; none or one. Takes no other filter.' }),
  status: z.enum(ORDER_STATUSES).optional().describe('Only those with this status.'),
  needs_attention: needsAttentionFlag,
  ...pendingFor,
  dispute_status: z.enum(DISPUTE_STATUSES).optional().describe('Only those with a dispute of this status.'),
  connected_account: field.account.optional(),
  customer: field.customerId.optional().describe('Only those of this customer.'),
  customer_email: field.email.optional().meta({
    description: 'Of the customers that have this address at Stripe, written in the same way.',
  }),
  metadata: field
    .metadataBeside(OWN_ORDER_METADATA)
    .optional()
    .meta({
      description: 'metadata[key]=value: orders whose metadata has all of these pairs.',
      param: { style: 'deepObject', explode: true },
    }),
  ...timeRange('created'),
  ...timeRange('capture_before'),
});

export type ListOrdersQuery = z.output<typeof listOrdersQuery>;

/** What goes together with `payment_intent` or `charge`. */
const BESIDE_ONE: ReadonlySet<string> = new Set(['limit', 'expand[]']);

/** Refuses another filter beside `payment_intent` or `charge`, which name one order already. */
export function refuseBesideOne(query: ListOrdersQuery): void {
  const one = query.payment_intent === undefined ? 'charge' : 'payment_intent';
  const others = Object.entries(query).filter(([name]) => name !== one && !BESIDE_ONE.has(name));
  const [param] = others.find(([, value]) => value !== undefined) ?? [];
  if (param === undefined) return;
  const why = `${param} cannot be given together with ${one}, which names one order.`;
  throw new ProblemError(problem('invalid_request', why, { param }));
}
