import { messageOf } from '../../domain/commands/define-command.ts';
import type { PayoutCommandBody } from '../../domain/payouts/payout-command-table.ts';
import { PAYOUT_COMMANDS } from '../../domain/payouts/payout-command-table.ts';
import type { Backend } from '../backend/backend.ts';
import type { Routed } from '../commands/command-route.ts';
import { commandOf, commandRoute } from '../commands/command-route.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { ownPayoutParams } from '../http/params.ts';
import { payoutReply } from './payout-reply.ts';
import { payoutResource } from './payout-schema.ts';

const PAYOUTS = {
  name: 'payouts',
  tag: 'Payouts',
  path: '/v1/accounts/{id}/payouts/{payout}',
  params: ownPayoutParams,
} as const;

/** The endpoints of every command that an existing payout takes. */
export function payoutCommands(backend: Backend): readonly Endpoint[] {
  return Object.values(PAYOUT_COMMANDS).map((definition) => payoutCommand(backend, definition));
}

function payoutCommand(
  { payouts, accountIds, inFlight }: Backend,
  definition: Routed<PayoutCommandBody>,
): Endpoint {
  return endpoint({
    ...commandRoute(definition, PAYOUTS),
    responses: {
      200: { description: 'Done.', schema: payoutResource },
      202: { description: 'Waiting for funds, Stripe or an operator.', schema: payoutResource },
    },
    async handle(request) {
      const { params, headers, body } = request;
      const envelope = envelopeOf(request, definition.kind, digestOf(request, 'payouts', params.payout));
      const command = { ...commandOf(definition, body), ...envelope };
      const address = { account: await accountIds.of(params.id, 'id'), payoutId: params.payout };
      const waitMs = headers.Prefer.seconds * 1_000;
      const answer = await inFlight.run(envelope, () =>
        payouts.command(address, command, messageOf(envelope, body), waitMs),
      );
      return payoutReply(answer, { envelope, wait: headers.Prefer }, 200);
    },
  });
}
