import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import type { PreviewedCommand } from '../../domain/orders/preview/preview.ts';
import { previewOf, UNFORESEEN } from '../../domain/orders/preview/preview.ts';
import { refusalOfReversal } from '../../domain/orders/transfer-reversals.ts';
import { readPreviewFacts } from '../../stripe/preview-facts.ts';
import type { Backend } from '../backend/backend.ts';
import type { Routed } from '../commands/command-route.ts';
import { commandOf } from '../commands/command-route.ts';
import { presentPreview, previewResource } from '../commands/preview-schema.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { refuseIfBroken } from '../http/problems.ts';
import type { Preparation } from './order-command.ts';
import { fieldsOf, orderRoute } from './order-command.ts';

/** The endpoint that says what one of an order's commands would do. */
export function orderPreview(
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
    async handle({ params, body }) {
      const command = commandOf(definition, await fieldsOf(preparation, body, params));
      const order = await backend.orders.readForCommand(params.id, command);
      const facts = await readPreviewFacts(backend, order, command);
      if (command.kind === 'reverse_transfer' && facts.transfer) {
        // The order may not have read yet what others reversed.
        refuseIfBroken(refusalOfReversal(facts.transfer, command.amount ?? null));
      }
      return { status: 200, body: presentPreview(previewOf(order, command, facts)) };
    },
  });
}

export function hasPreview(definition: Routed<OrderCommandBody>): definition is Routed<PreviewedCommand> {
  return !UNFORESEEN.has(definition.kind);
}

/** `orders.capture` → `orders.previewCapture`. */
function previewName(name: Endpoint['name']): Endpoint['name'] {
  const [subject = '', command = ''] = name.split('.');
  return `${subject}.preview${command.charAt(0).toUpperCase()}${command.slice(1)}`;
}
