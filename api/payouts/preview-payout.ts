import { refusalOfDecision } from '../../domain/commands/approval.ts';
import { brokenPayoutStep } from '../../domain/money/amount-steps.ts';
import type { PayoutCommandBody } from '../../domain/payouts/payout-command-table.ts';
import { PAYOUT_COMMANDS } from '../../domain/payouts/payout-command-table.ts';
import { refusalOfPayoutCommand } from '../../domain/payouts/payout-refusals.ts';
import { previewOfNewPayout, previewOfPayoutCommand } from '../../domain/payouts/preview-payout.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { availableFor } from '../../stripe/preview-facts.ts';
import type { Backend } from '../backend/backend.ts';
import type { Routed } from '../commands/command-route.ts';
import { commandOf } from '../commands/command-route.ts';
import { presentPreview, previewResource } from '../commands/preview-schema.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { accountParams, ownPayoutParams } from '../http/params.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { createPayoutBody } from './payout-schema.ts';

const responses = {
  200: { description: 'What the command would do. Nothing was changed.', schema: previewResource },
};

export function previewPayout({ stripe, accountIds }: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'payouts.previewCreate',
    path: '/v1/accounts/{id}/payouts/preview',
    role: 'ops',
    tag: 'Payouts',
    summary: "Preview: pay out of a connected account's balance",
    readsStripe: true,
    params: accountParams,
    body: createPayoutBody,
    responses,
    async handle({ params, body }) {
      refuseIfBroken(brokenPayoutStep(body.amount, body.currency));
      const connectedAccount = await accountIds.of(params.id, 'id');
      const available = await availableFor(stripe, asAccount(connectedAccount), body);
      const terms = { ...body, connectedAccount, whenAvailable: body.when_available };
      return { status: 200, body: presentPreview(previewOfNewPayout(terms, available)) };
    },
  });
}

/** The endpoints that say what the commands of an existing payout would do. */
export function payoutCommandPreviews(backend: Backend): readonly Endpoint[] {
  return Object.values(PAYOUT_COMMANDS).map((definition) => payoutCommandPreview(backend, definition));
}

function payoutCommandPreview(
  { payouts, accountIds }: Backend,
  definition: Routed<PayoutCommandBody>,
): Endpoint {
  const { update, path, description, role, message } = definition;
  return endpoint({
    method: 'post',
    name: update === 'cancel' ? 'payouts.previewCancel' : 'payouts.previewResolve',
    path: `/v1/accounts/{id}/payouts/{payout}/${path}/preview`,
    role,
    tag: 'Payouts',
    summary: `Preview: ${description}`,
    params: ownPayoutParams,
    body: message,
    responses,
    async handle({ params, body, actor }) {
      const command = commandOf(definition, body);
      const account = await accountIds.of(params.id, 'id');
      const payout = await payouts.readOf({ account, payoutId: params.payout });
      refuseIfBroken(
        refusalOfPayoutCommand(payout, command) ?? refusalOfDecision(payout.approvals, command, actor),
      );
      return { status: 200, body: presentPreview(previewOfPayoutCommand(payout, command)) };
    },
  });
}
