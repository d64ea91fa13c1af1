import type { z } from 'zod';
import { refusalOfDecision } from '../../domain/commands/approval.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import type { OrderCommandBody, OrderCommandKind } from '../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import type { PreviewedCommand } from '../../domain/orders/preview/preview.ts';
import { previewOf, UNFORESEEN } from '../../domain/orders/preview/preview.ts';
import { brokenRuleOfRefund } from '../../domain/orders/refusals.ts';
import { refusalOfReversal } from '../../domain/orders/transfer-reversals.ts';
import { readPreviewFacts } from '../../stripe/preview-facts.ts';
import type { Backend } from '../backend/backend.ts';
import type { Routed } from '../commands/command-route.ts';
import { commandOf, commandRoute } from '../commands/command-route.ts';
import { presentPreview, previewResource } from '../commands/preview-schema.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { idParams } from '../http/params.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { customerSecretsOf } from './client-secret.ts';
import { evidenceBody } from './evidence-schema.ts';
import { orderReply, waitsForCustomer } from './order-reply.ts';
import { orderResource } from './order-schema.ts';
import { stageEvidence } from './stage-evidence.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the API does with a command besides sending it on. */
interface Preparation<Body extends z.ZodObject = z.ZodObject> {
  /** Instead of the command's own. */
  readonly body?: Body;
  /** The body as the fields of the message; throws what the body alone shows to be wrong. */
  fields?(body: z.output<Body>): Fields | Promise<Fields>;
  /** What has to be at Stripe before the order gets the command. A repeat must be harmless. */
  before?(body: z.output<Body>, orderId: string, envelope: CommandEnvelope): Promise<void>;
}

const ORDERS = { name: 'orders', tag: 'Orders', path: '/v1/orders/{id}', params: idParams } as const;

/** The endpoints of every command that an existing order takes, and of their previews. */
export function orderCommands(backend: Backend): readonly Endpoint[] {
  const preparations = preparationsOf(backend);
  return Object.values(ORDER_COMMANDS).flatMap((definition) => {
    const preparation = preparations[definition.kind];
    const command = orderCommand(backend, definition, preparation);
    return hasPreview(definition) ? [command, orderPreview(backend, definition, preparation)] : [command];
  });
}

function preparationsOf(backend: Backend): Partial<Record<OrderCommandKind, Preparation>> {
  return {
    refund: prepare(ORDER_COMMANDS.refund.message, {
      fields(body) {
        refuseIfBroken(brokenRuleOfRefund(body));
        return body;
      },
    }),
    transfer: prepare(ORDER_COMMANDS.transfer.message, {
      fields: async (body) => ({
        ...body,
        destination: await backend.accountIds.ofOptional(body.destination, 'destination'),
      }),
    }),
    submit_evidence: prepare(evidenceBody, {
      fields: ({ evidence, ...rest }) => ({ ...rest, fields: Object.keys(evidence) }),
      before: async (body, id, { commandId }) =>
        stageEvidence(backend.stripe, await backend.orders.read(id), body, commandId),
    }),
  };
}

function prepare<Body extends z.ZodObject>(
  body: Body,
  steps: Omit<Preparation<Body>, 'body'>,
): Preparation<Body> {
  return { body, ...steps };
}

/** The endpoint of one of an order's commands. */
function orderCommand(
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

/** The endpoint that says what one of an order's commands would do. */
function orderPreview(
  backend: Backend,
  definition: Routed<PreviewedCommand>,
  preparation: Preparation = {},
): Endpoint {
  const { name, path, summary, headers: _, ...route } = orderRoute(definition, preparation);
  return endpoint({
    ...route,
    name: previewName(name),
    path: `${path}/preview`,
    summary: `Preview: ${summary}`,
    readsStripe: true,
    responses: {
      200: { description: 'What the command would do. Nothing was changed.', schema: previewResource },
    },
    async handle({ params, body, actor }) {
      const command = commandOf(definition, await fieldsOf(preparation, body, params));
      const order = await backend.orders.readForCommand(params.id, command);
      refuseIfBroken(refusalOfDecision(order.approvals, command, actor));
      const facts = await readPreviewFacts(backend, order, command);
      if (command.kind === 'reverse_transfer' && facts.transfer) {
        // The order may not have read yet what others reversed.
        refuseIfBroken(refusalOfReversal(facts.transfer, command.amount ?? null));
      }
      return { status: 200, body: presentPreview(previewOf(order, command, facts)) };
    },
  });
}

function hasPreview(definition: Routed<OrderCommandBody>): definition is Routed<PreviewedCommand> {
  return !UNFORESEEN.has(definition.kind);
}

/** `orders.capture` → `orders.previewCapture`. */
function previewName(name: Endpoint['name']): Endpoint['name'] {
  const [subject = '', command = ''] = name.split('.');
  return `${subject}.preview${command.charAt(0).toUpperCase()}${command.slice(1)}`;
}

function orderRoute(definition: Routed<OrderCommandBody>, { body }: Preparation) {
  return commandRoute(definition, ORDERS, body);
}

/** The fields of the command's message. */
async function fieldsOf(
  { fields }: Preparation,
  body: Fields,
  { id: _, ...named }: z.output<typeof idParams>,
): Promise<Fields> {
  return { ...(fields ? await fields(body) : body), ...named };
}
