import { z } from 'zod';
import { BOOKED_AS } from '../../domain/reconciliation/statement.ts';
import { statementLines } from '../../stripe/account-statement.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import type { Backend } from '../backend/backend.ts';
import { currencyCode, minorUnits } from '../http/common.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { automaticPayoutParams } from '../http/params.ts';

const amounts = Object.fromEntries(
  [...BOOKED_AS, 'fees' as const].map((column) => [
    column,
    minorUnits.describe(`What it has of ${column.replace('_', ' ')}, in minor units.`),
  ]),
) as Record<(typeof BOOKED_AS)[number] | 'fees', typeof minorUnits>;

const payoutOrder = z
  .object({
    object: z.literal('payout_order'),
    order: z
      .string()
      .nullable()
      .describe("The order's id. Null: all that has no order, the payout itself too."),
    currency: currencyCode,
    ...amounts,
    net: minorUnits.describe('The sum of the amounts, in minor units.'),
  })
  .meta({ id: 'PayoutOrder' });

const payoutOrders = z
  .object({
    object: z.literal('list'),
    url: z.string().describe('The path of this list.'),
    has_more: z.literal(false),
    data: z.array(payoutOrder).describe('In minor units. `net` adds up to 0: what came in went out.'),
  })
  .meta({ id: 'PayoutOrders' });

/** The other direction of an order's payouts. */
export function listPayoutOrders({ stripe, accountIds }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'payouts.listOrders',
    path: '/v1/accounts/{id}/payouts/{payout}/orders',
    readsStripe: true,
    role: 'read',
    tag: 'Payouts',
    summary: 'List the orders whose money an automatic payout carried; Stripe traces no manual payout',
    params: automaticPayoutParams,
    responses: { 200: { description: 'All of them.', schema: payoutOrders } },
    async handle({ params: { id, payout } }) {
      const account = await accountIds.of(id, 'id');
      const lines = await statementLines(stripe, asAccount(account), { payout });
      const data = lines.map(({ orderId, ...line }) => ({
        object: 'payout_order' as const,
        order: orderId,
        ...line,
      }));
      const url = `/v1/accounts/${account}/payouts/${payout}/orders`;
      return { status: 200, body: { object: 'list', url, has_more: false, data } };
    },
  });
}
