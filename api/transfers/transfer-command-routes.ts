import { messageOf } from '../../domain/commands/define-command.ts';
import type { TransferCommandBody } from '../../domain/orders/transfer-command-table.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import type { Backend } from '../backend/backend.ts';
import type { Routed } from '../commands/command-route.ts';
import { commandOf, commandRoute } from '../commands/command-route.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { idParams } from '../http/params.ts';
import { transferResource } from './transfer-schema.ts';
import { transferReply } from './transfer-view.ts';

const TRANSFERS = {
  name: 'transfers',
  tag: 'Transfers',
  path: '/v1/transfers/{id}',
  params: idParams,
} as const;

/** The endpoints of every command of a transfer with no order. */
export function transferCommands(backend: Backend): readonly Endpoint[] {
  return Object.values(TRANSFER_COMMANDS).map((definition) => transferCommand(backend, definition));
}

function transferCommand(backend: Backend, definition: Routed<TransferCommandBody>): Endpoint {
  return endpoint({
    ...commandRoute(definition, TRANSFERS),
    responses: {
      200: { description: 'Done.', schema: transferResource },
      202: { description: 'Still on its way, or waiting for an operator.', schema: transferResource },
    },
    async handle(request) {
      const { params, headers, body } = request;
      const envelope = envelopeOf(request, definition.kind, digestOf(request, 'transfers', params.id));
      const command = { ...commandOf(definition, body), ...envelope };
      const waitMs = headers.Prefer.seconds * 1_000;
      const answer = await backend.inFlight.run(envelope, () =>
        backend.transfers.command(params.id, command, messageOf(envelope, body), waitMs),
      );
      return transferReply(backend, answer, { envelope, wait: headers.Prefer }, 200);
    },
  });
}
