import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idParams } from '../http/params.ts';
import { orderPayoutsResource } from './order-payout-schema.ts';
import { payoutsOfOrder } from './order-payouts.ts';

export function listOrderPayouts({ orders, stripe }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'orders.listPayouts',
    path: '/v1/orders/{id}/payouts',
    readsStripe: true,
    role: 'read',
    tag: 'Payouts',
    summary: "List the automatic payouts that carried this order's money to its connected account's bank",
    params: idParams,
    responses: { 200: { description: 'All of them, oldest money first.', schema: orderPayoutsResource } },
    async handle({ params }) {
      return { status: 200, body: await payoutsOfOrder(stripe, await orders.read(params.id)) };
    },
  });
}
