import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { customerSecretsOf } from './client-secret.ts';
import { createOrderBody } from './create-order-schema.ts';
import { orderReply } from './order-reply.ts';
import { orderResource } from './order-schema.ts';
import { doneStatus, startOrder } from './start-order.ts';

export function createOrder(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'orders.create',
    path: '/v1/orders',
    role: 'service',
    tag: 'Orders',
    summary: 'Start an order: create and confirm its payment; authorize or capture it',
    starts: true,
    headers: commandHeaders,
    body: createOrderBody,
    responses: {
      201: { description: 'Authorized or captured.', schema: orderResource },
      202: {
        description: 'Still on its way, or waiting for the customer or an operator.',
        schema: orderResource,
      },
    },
    async handle(request) {
      const { envelope, answer } = await startOrder(backend, request);
      const secrets = await customerSecretsOf(backend, answer.state);
      return orderReply(
        answer,
        { envelope, wait: request.headers.Prefer },
        doneStatus(answer.state),
        secrets,
      );
    },
  });
}
