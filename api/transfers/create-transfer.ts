import { transferPolicy } from '../../contract/transfers.ts';
import { transferIdFromDigest } from '../../domain/ids.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { createTransferBody, transferResource } from './transfer-schema.ts';
import { transferReply } from './transfer-view.ts';

export function createTransfer(backend: Backend): Endpoint {
  const { transfers, accountIds, inFlight, livemode, policy } = backend;
  return endpoint({
    method: 'post',
    name: 'transfers.create',
    path: '/v1/transfers',
    role: 'ops',
    tag: 'Transfers',
    summary: "Make a special-case transfer without an order, from the platform's available balance",
    starts: true,
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
        policy: transferPolicy(policy),
        pay: { ...pay, reason: body.reason },
      };
      const answer = await inFlight.run(pay, () => transfers.create(input, headers.Prefer.seconds * 1_000));
      return transferReply(backend, answer, { envelope: pay, wait: headers.Prefer }, 201);
    },
  });
}
