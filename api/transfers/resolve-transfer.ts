import type { Backend } from '../backend/backend.ts';
import { commandReply } from '../commands/command-reply.ts';
import { resolveBody, resolveCommand } from '../commands/commands.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { idParams } from '../http/params.ts';
import { transferCommandResponses, transferResponse, transferView } from './transfer-view.ts';

export function resolveTransfer(backend: Backend): Endpoint {
  const { transfers, inFlight } = backend;
  return endpoint({
    method: 'post',
    path: '/v1/transfers/{id}/resolve',
    role: 'ops',
    tag: 'Transfers',
    summary: 'Resolve a stuck transfer',
    params: idParams,
    headers: commandHeaders,
    body: resolveBody,
    responses: transferCommandResponses,
    async handle(request) {
      const { params, headers } = request;
      const command = resolveCommand(request.body);
      const envelope = envelopeOf(request, 'resolve', digestOf(request, 'transfers', params.id));
      const outcome = await inFlight.run(envelope, () =>
        transfers.resolve(params.id, envelope, command, headers.Prefer.seconds * 1_000),
      );
      const transfer = await transferView(backend, outcome.state);
      return commandReply(outcome, envelope, headers.Prefer, () => transferResponse(transfer, 200));
    },
  });
}
