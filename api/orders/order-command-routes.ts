import type { z } from 'zod';
import type { OrderCommandKind } from '../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { evidenceBody } from './evidence-schema.ts';
import { brokenRuleOfRefund } from './money-rules.ts';
import type { Preparation } from './order-command.ts';
import { orderCommand } from './order-command.ts';
import { hasPreview, orderPreview } from './order-preview.ts';
import { stageEvidence } from './stage-evidence.ts';

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
      fields: ({ dispute, evidence, submit }) => ({ dispute, fields: Object.keys(evidence), submit }),
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
