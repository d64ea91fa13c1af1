import type { z } from 'zod';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import type { Backend } from '../backend/backend.ts';
import type { Routed } from '../commands/command-route.ts';
import { commandOf, commandRoute } from '../commands/command-route.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { idParams } from '../http/params.ts';
import { customerSecretsOf } from './client-secret.ts';
import { orderReply, waitsForCustomer } from './order-reply.ts';
import { orderResource } from './order-schema.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the API does with a command besides sending it on. */
export interface Preparation<Body extends z.ZodObject = z.ZodObject> {
  /** Instead of the command's own. */
  readonly body?: Body;
  /** The body as the fields of the message; throws what the body alone shows to be wrong. */
  fields?(body: z.output<Body>): Fields | Promise<Fields>;
  /** What has to be at Stripe before the order gets the command. A repeat must be harmless. */
  before?(body: z.output<Body>, orderId: string, envelope: CommandEnvelope): Promise<void>;
}

const ORDERS = { name: 'orders', tag: 'Orders', path: '/v1/orders/{id}', params: idParams } as const;

/** The endpoint of one of an order's commands. */
export function orderCommand(
  backend: Backend,
  definition: Routed<OrderCommandBody>,
  preparation: Preparation = {},
): Endpoint {
  const { orders, inFlight } = backend;
  return endpoint({
    ...orderRoute(definition, preparation),
    responses: {
      200: { description: 'Done.', schema: orderResource },
      202: {
        description: 'Still on its way, or waiting for the customer or an operator.',
        schema: orderResource,
      },
    },
    async handle(request) {
      const { params, headers, body } = request;
      const fields = await fieldsOf(preparation, body, params);
      const envelope = envelopeOf(request, definition.kind, digestOf(request, ...Object.values(params)));
      const command = { ...commandOf(definition, fields), ...envelope };
      const answer = await inFlight.run(envelope, async () => {
        await preparation.before?.(body, params.id, envelope);
        const waitMs = headers.Prefer.seconds * 1_000;
        return orders.command(params.id, command, messageOf(envelope, fields), waitMs);
      });
      const secrets = await customerSecretsOf(backend, answer.state);
      const doneStatus = waitsForCustomer(answer.state) ? 202 : 200;
      return orderReply(answer, { envelope, wait: headers.Prefer }, doneStatus, secrets);
    },
  });
}

export function orderRoute(definition: Routed<OrderCommandBody>, { body }: Preparation) {
  return commandRoute(definition, ORDERS, body);
}

/** The fields of the command's message. */
export async function fieldsOf(
  { fields }: Preparation,
  body: Fields,
  { id: _, ...named }: z.output<typeof idParams>,
): Promise<Fields> {
  return { ...(fields ? await fields(body) : body), ...named };
}
