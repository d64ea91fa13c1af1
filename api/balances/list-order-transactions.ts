import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idParams } from '../http/params.ts';
import { orderTransactionsResource } from './balance-schema.ts';
import { transactionsOf } from './order-transactions.ts';

export function listOrderTransactions({ orders, stripe }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'orders.listBalanceTransactions',
    path: '/v1/orders/{id}/balance_transactions',
    readsStripe: true,
    role: 'read',
    tag: 'Balances',
    summary:
      'List the balance transactions that explain this order, on the platform and on its connected account',
    params: idParams,
    responses: { 200: { description: 'All of them, oldest first.', schema: orderTransactionsResource } },
    async handle({ params }) {
      return { status: 200, body: await transactionsOf(stripe, await orders.read(params.id)) };
    },
  });
}
