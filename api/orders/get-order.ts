import { orderWorkflowId } from '../../domain/ids.ts';
import { attemptOf } from '../backend/attempt.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idParams } from '../http/params.ts';
import { NO_SECRETS } from './client-secret.ts';
import { orderResource } from './order-schema.ts';
import { presentOrder } from './present-order.ts';

export function getOrder({ orders, stripeReads, temporal }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'orders.get',
    path: '/v1/orders/{id}',
    role: 'read',
    tag: 'Orders',
    summary: 'Read one order',
    params: idParams,
    responses: { 200: { description: 'The order as it is now.', schema: orderResource } },
    async handle({ params, actor }) {
      const order = await orders.read(params.id, () => stripeReads.spend(actor));
      const attempt = await attemptOf(temporal, orderWorkflowId(params.id), order.pending);
      return { status: 200, body: presentOrder(order, NO_SECRETS, attempt) };
    },
  });
}
