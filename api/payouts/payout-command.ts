import type { UpdateDefinition } from '@temporalio/common';
import type { z } from 'zod';
import type { CommandMessage } from '../../contract/orders.ts';
import type { PayoutAnswer } from '../../contract/payouts.ts';
import { cancelPayoutUpdate, resolvePayoutUpdate } from '../../contract/payouts.ts';
import type { Cancel, Resolve } from '../../domain/commands/commands.ts';
import type { Backend } from '../backend/backend.ts';
import { commandReply } from '../commands/command-reply.ts';
import { resolveBody, resolveCommand } from '../commands/commands.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { commandHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { ownPayoutParams } from '../http/params.ts';
import { payoutResponse } from './payout-response.ts';
import { cancelPayoutBody, payoutResource } from './payout-schema.ts';

interface PayoutCommandRoute<Kind extends 'cancel' | 'resolve', Body extends z.ZodObject> {
  readonly path: `/v1/accounts/{id}/payouts/{payout}/${string}`;
  readonly summary: string;
  readonly body: Body;
  readonly update: UpdateDefinition<PayoutAnswer, [CommandMessage<Kind>]>;
  command(body: z.output<Body>): Extract<Cancel | Resolve, { kind: Kind }>;
}

/** The endpoint of one of a payout's commands. */
function payoutCommand<Kind extends 'cancel' | 'resolve', Body extends z.ZodObject>(
  { payouts, accountIds, inFlight }: Backend,
  route: PayoutCommandRoute<Kind, Body>,
): Endpoint {
  return endpoint({
    method: 'post',
    path: route.path,
    role: 'ops',
    tag: 'Payouts',
    summary: route.summary,
    params: ownPayoutParams,
    headers: commandHeaders,
    body: route.body,
    responses: {
      200: { description: 'Done.', schema: payoutResource },
      202: { description: 'Waiting for funds, Stripe or an operator.', schema: payoutResource },
    },
    async handle(request) {
      const { params, headers } = request;
      const command = route.command(request.body);
      const envelope = envelopeOf(request, command.kind, digestOf(request, 'payouts', params.payout));
      const address = { account: await accountIds.of(params.id, 'id'), payoutId: params.payout };
      const outcome = await inFlight.run(envelope, () =>
        payouts.command(address, route.update, envelope, command, headers.Prefer.seconds * 1_000),
      );
      return commandReply(outcome, envelope, headers.Prefer, (payout) => payoutResponse(payout, 200));
    },
  });
}

export const cancelPayout = (backend: Backend) =>
  payoutCommand(backend, {
    path: '/v1/accounts/{id}/payouts/{payout}/cancel',
    summary: 'Cancel a payout that waits for funds, or that its bank does not have yet',
    body: cancelPayoutBody,
    update: cancelPayoutUpdate,
    command: () => ({ kind: 'cancel', reason: null }),
  });

export const resolvePayout = (backend: Backend) =>
  payoutCommand(backend, {
    path: '/v1/accounts/{id}/payouts/{payout}/resolve',
    summary: 'Resolve a payout that failed or is stuck',
    body: resolveBody,
    update: resolvePayoutUpdate,
    command: resolveCommand,
  });
