import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { orderIdOf, orderWorkflowId } from '../../domain/ids.ts';
import type { Backend } from '../backend/backend.ts';
import { listPage } from '../backend/list-page.ts';
import { compares, equals, pendingFor } from '../backend/visibility-filter.ts';
import { listOfWorkflows } from '../http/common.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import type { ListOrdersQuery } from './list-orders-query.ts';
import { listOrdersQuery } from './list-orders-query.ts';
import { orderResource } from './order-schema.ts';
import { presentOrder } from './present-order.ts';

export function listOrders(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/orders',
    role: 'read',
    tag: 'Orders',
    summary: 'List orders, newest first',
    query: listOrdersQuery,
    responses: {
      200: { description: 'A page of orders.', schema: listOfWorkflows(orderResource, 'OrderList') },
    },
    async handle({ query }) {
      const connectedAccount = await backend.accountIds.ofOptional(
        query.connected_account,
        'connected_account',
      );
      const body = await listPage(backend, {
        url: '/v1/orders',
        noun: 'order',
        workflowType: ORDER_WORKFLOW,
        workflowId: orderWorkflowId,
        idOf: orderIdOf,
        conditions: conditionsOf({ ...query, connected_account: connectedAccount }),
        query,
        read: async (id) => presentOrder(await backend.orders.read(id)),
      });
      return { status: 200, body };
    },
  });
}

const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const;

function conditionsOf(query: ListOrdersQuery): string[] {
  const conditions = [...pendingFor(query)];
  if (query.status !== undefined) conditions.push(equals('OrderStatus', query.status));
  if (query.needs_attention !== undefined) conditions.push(equals('NeedsAttention', query.needs_attention));
  if (query.dispute_status !== undefined) conditions.push(equals('DisputeStatus', query.dispute_status));
  if (query.connected_account !== undefined) {
    conditions.push(equals('ConnectedAccount', query.connected_account));
  }
  if (query.customer !== undefined) conditions.push(equals('Customer', query.customer));
  for (const comparison of COMPARISONS) {
    const created = query[`created[${comparison}]`];
    const captureBefore = query[`capture_before[${comparison}]`];
    if (created !== undefined) conditions.push(compares('StartTime', comparison, created));
    if (captureBefore !== undefined) conditions.push(compares('CaptureBefore', comparison, captureBefore));
  }
  return conditions;
}
