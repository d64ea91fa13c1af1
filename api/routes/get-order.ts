import { orderWorkflowId } from '../../domain/ids.ts';
import type { Backend } from '../backend.ts';
import { NO_SECRETS } from '../client-secret.ts';
import type { Endpoint } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { presentOrder } from '../present-order.ts';
import { orderResource } from '../schemas/order.ts';
import { idParams } from '../schemas/params.ts';
import { attemptOf } from '../temporal/attempt.ts';

export function getOrder({ orders, stripeReads, temporal }: Backend): Endpoint {
  return endpoint({
    method: 'get',
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
