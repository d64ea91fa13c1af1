import { orderIdFromDigest } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { Backend } from '../backend.ts';
import { checkDestination } from '../check-destination.ts';
import { customerSecretsOf } from '../client-secret.ts';
import { commandReply } from '../command-reply.ts';
import type { Endpoint } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { digestOf, envelopeOf } from '../idempotency.ts';
import { brokenRuleOfOrder } from '../money-rules.ts';
import { orderAftermath, waitsForCustomer } from '../order-aftermath.ts';
import { orderTerms } from '../order-terms.ts';
import { refuseIfBroken } from '../problems.ts';
import { createOrderBody } from '../schemas/create-order.ts';
import { commandHeaders } from '../schemas/headers.ts';
import { orderResource } from '../schemas/order.ts';
import { refusePlainHttp } from '../web-url.ts';

export function createOrder(backend: Backend): Endpoint {
  const { orders, inFlight, livemode } = backend;
  const { onDisputeLost, ...policy } = backend.policy;
  return endpoint({
    method: 'post',
    path: '/v1/orders',
    role: 'service',
    tag: 'Orders',
    summary: 'Start an order: create and confirm its payment; authorize or capture it',
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
      const { body, headers } = request;
      refuseIfBroken(brokenRuleOfOrder(body));
      refusePlainHttp({ return_url: body.return_url }, backend.events);
      const digest = digestOf(request);
      const authorize = envelopeOf(request, 'authorize', digest);
      const outcome = await inFlight.run(authorize, async () => {
        const id = body.id ?? orderIdFromDigest(digest);
        const merchant = await checkDestination(backend, id, {
          connectedAccount: body.connected_account,
          onBehalfOf: body.on_behalf_of,
          suffix: body.statement_descriptor_suffix ?? '',
        });
        const terms = orderTerms(id, body, merchant, onDisputeLost);
        return orders.create({ terms, livemode, policy, authorize }, headers.Prefer.seconds * 1_000);
      });
      const secrets = await customerSecretsOf(backend, outcome.state);
      return commandReply(outcome, authorize, headers.Prefer, (order) =>
        orderAftermath(order, statusOfNew, secrets),
      );
    },
  });
}

function statusOfNew(order: Order): 201 | 202 {
  return waitsForCustomer(order) ? 202 : 201;
}
