import { orderIdFromDigest } from '../../domain/ids.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { Backend } from '../backend/backend.ts';
import { commandReply } from '../commands/command-reply.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { refusePlainHttp } from '../http/web-url.ts';
import { checkDestination } from './check-destination.ts';
import { customerSecretsOf } from './client-secret.ts';
import { createOrderBody } from './create-order-schema.ts';
import { brokenRuleOfOrder } from './money-rules.ts';
import { orderResponse, waitsForCustomer } from './order-response.ts';
import { orderResource } from './order-schema.ts';
import { orderTerms } from './order-terms.ts';

export function createOrder(backend: Backend): Endpoint {
  const { orders, accountIds, inFlight, livemode } = backend;
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
        const connectedAccount = await accountIds.of(body.connected_account, 'connected_account');
        const merchant = await checkDestination(backend, id, {
          connectedAccount,
          onBehalfOf: body.on_behalf_of,
          suffix: body.statement_descriptor_suffix ?? '',
        });
        const terms = orderTerms(
          id,
          { ...body, connected_account: connectedAccount },
          merchant,
          onDisputeLost,
        );
        return orders.create({ terms, livemode, policy, authorize }, headers.Prefer.seconds * 1_000);
      });
      const secrets = await customerSecretsOf(backend, outcome.state);
      return commandReply(outcome, authorize, headers.Prefer, (order) =>
        orderResponse(order, statusOfNew, secrets),
      );
    },
  });
}

function statusOfNew(order: Order): 201 | 202 {
  return waitsForCustomer(order) ? 202 : 201;
}
