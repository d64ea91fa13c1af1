import { z } from 'zod';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import * as field from '../http/fields.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { idParams } from '../http/params.ts';
import { orderReply } from './order-reply.ts';
import { orderResource } from './order-schema.ts';

const adoptBody = z
  .strictObject({ payment_intent: field.paymentIntentId.describe('The payment to take over.') })
  .meta({ id: 'OrderAdopt', example: { payment_intent: 'pi_3OqZkULh2mYx8pQk0VqN' } });

export function adoptOrder({ orders, inFlight }: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'orders.adopt',
    path: '/v1/orders/{id}/adopt',
    role: 'ops',
    tag: 'Orders',
    summary: 'Make an order of a PaymentIntent that already exists at Stripe',
    starts: true,
    params: idParams,
    headers: commandHeaders,
    body: adoptBody,
    responses: {
      201: { description: 'Taken over, in the state that Stripe shows.', schema: orderResource },
      202: { description: 'Still being read, or waiting for an operator.', schema: orderResource },
    },
    async handle(request) {
      const { params, headers, body } = request;
      const envelope = envelopeOf(request, 'adopt', digestOf(request, params.id));
      const answer = await inFlight.run(envelope, () =>
        orders.adopt(params.id, body.payment_intent, envelope, headers.Prefer.seconds * 1_000),
      );
      return orderReply(answer, { envelope, wait: headers.Prefer }, 201);
    },
  });
}
