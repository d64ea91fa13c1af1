import type { Backend } from '../backend/backend.ts';
import { commandReply } from '../commands/command-reply.ts';
import { reversalBody } from '../commands/commands.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { idParams } from '../http/params.ts';
import { transferCommandResponses, transferResponse, transferView } from './transfer-view.ts';

export function reverseTransfer(backend: Backend): Endpoint {
  const { transfers, inFlight } = backend;
  return endpoint({
    method: 'post',
    path: '/v1/transfers/{id}/reversals',
    role: 'ops',
    tag: 'Transfers',
    summary: 'Reverse a transfer without an order, in whole or in part',
    params: idParams,
    headers: commandHeaders,
    body: reversalBody,
    responses: transferCommandResponses,
    async handle(request) {
      const { params, body, headers } = request;
      const envelope = envelopeOf(request, 'reverse_transfer', digestOf(request, 'transfers', params.id));
      const { amount = null, reason = null } = body;
      const command = { ...envelope, kind: 'reverse_transfer', amount, reason } as const;
      const outcome = await inFlight.run(envelope, () =>
        transfers.reverse(params.id, command, headers.Prefer.seconds * 1_000),
      );
      const transfer = await transferView(backend, outcome.state);
      return commandReply(outcome, envelope, headers.Prefer, () => transferResponse(transfer, 200));
    },
  });
}
