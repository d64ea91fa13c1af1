import { transferIdFromDigest } from '../../domain/ids.ts';
import type { Backend } from '../backend/backend.ts';
import { commandReply } from '../commands/command-reply.ts';
import { createTransferBody } from '../commands/commands.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { transferResource } from './transfer-schema.ts';
import { transferResponse, transferView } from './transfer-view.ts';

export function createTransfer(backend: Backend): Endpoint {
  const { transfers, accountIds, inFlight, livemode, policy } = backend;
  return endpoint({
    method: 'post',
    path: '/v1/transfers',
    role: 'ops',
    tag: 'Transfers',
    summary: "Make a special-case transfer without an order, from the platform's available balance",
    headers: commandHeaders,
    body: createTransferBody,
    responses: {
      201: { description: 'Paid.', schema: transferResource },
      202: { description: 'Still on its way, or waiting for an operator.', schema: transferResource },
    },
    async handle(request) {
      const { body, headers } = request;
      const digest = digestOf(request, 'transfers');
      const pay = envelopeOf(request, 'pay', digest);
      const destination = await accountIds.of(body.destination, 'destination');
      const input = {
        id: body.id ?? transferIdFromDigest(digest),
        amount: body.amount,
        currency: body.currency,
        destination,
        description: body.description,
        livemode,
        policy: { retryBudgetMs: policy.retryBudgetMs },
        pay,
      };
      const outcome = await inFlight.run(pay, () => transfers.create(input, headers.Prefer.seconds * 1_000));
      const transfer = await transferView(backend, outcome.state);
      return commandReply(outcome, pay, headers.Prefer, () => transferResponse(transfer, 201));
    },
  });
}
