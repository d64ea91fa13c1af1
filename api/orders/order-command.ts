import type { UpdateDefinition } from '@temporalio/common';
import type { z } from 'zod';
import type { CommandMessage, OrderAnswer } from '../../contract/orders.ts';
import type { CommandBody, CommandEnvelope } from '../../domain/commands/commands.ts';
import type { Role } from '../../domain/commands/role.ts';
import type { Backend } from '../backend/backend.ts';
import { commandReply } from '../commands/command-reply.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { idParams } from '../http/params.ts';
import { customerSecretsOf } from './client-secret.ts';
import { orderResponse, waitsForCustomer } from './order-response.ts';
import { orderResource } from './order-schema.ts';

interface OrderCommandRoute<
  Kind extends CommandBody['kind'],
  Body extends z.ZodObject,
  Params extends typeof idParams,
> {
  readonly path: `/v1/orders/{id}/${string}`;
  readonly role: Role;
  readonly summary: string;
  /** Other objects that its path names. */
  readonly params?: Params;
  readonly body: Body;
  readonly update: UpdateDefinition<OrderAnswer, [CommandMessage<Kind>]>;
  /** What has to be at Stripe before the order gets the command. A repeat must be harmless. */
  before?(body: z.output<Body>, orderId: string, envelope: CommandEnvelope): Promise<void>;
  /** The body as a command; throws what the body alone shows to be wrong. */
  command(
    body: z.output<Body>,
    params: z.output<Params>,
  ): Extract<CommandBody, { kind: Kind }> | Promise<Extract<CommandBody, { kind: Kind }>>;
}

/** The endpoint of one of an order's commands. */
export function orderCommand<
  Kind extends CommandBody['kind'],
  Body extends z.ZodObject,
  Params extends typeof idParams = typeof idParams,
>(backend: Backend, route: OrderCommandRoute<Kind, Body, Params>): Endpoint {
  const { orders, inFlight } = backend;
  return endpoint({
    method: 'post',
    path: route.path,
    role: route.role,
    tag: 'Orders',
    summary: route.summary,
    params: (route.params ?? idParams) as Params,
    headers: commandHeaders,
    body: route.body,
    responses: {
      200: { description: 'Done.', schema: orderResource },
      202: {
        description: 'Still on its way, or waiting for the customer or an operator.',
        schema: orderResource,
      },
    },
    async handle(request) {
      const { params, headers } = request;
      const command = await route.command(request.body, params);
      const envelope = envelopeOf(request, command.kind, digestOf(request, ...Object.values(params)));
      const outcome = await inFlight.run(envelope, async () => {
        await route.before?.(request.body, params.id, envelope);
        return orders.command(params.id, route.update, envelope, command, headers.Prefer.seconds * 1_000);
      });
      const secrets = await customerSecretsOf(backend, outcome.state);
      return commandReply(outcome, envelope, headers.Prefer, (order) =>
        orderResponse(order, statusOfDone, secrets),
      );
    },
  });
}

const statusOfDone: Parameters<typeof orderResponse>[1] = (order) => (waitsForCustomer(order) ? 202 : 200);
