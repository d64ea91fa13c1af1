import { approvalNotices, refusalOfDecision } from '../../domain/commands/approval.ts';
import { previewOfPlainTransfer } from '../../domain/orders/preview/preview.ts';
import { summaryOfResolve } from '../../domain/orders/preview/preview-decision.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import { refusalOfTransferCommand } from '../../domain/orders/transfer-refusals.ts';
import { asPlatform } from '../../stripe/acting-as.ts';
import { availableFor, currenciesOf } from '../../stripe/preview-facts.ts';
import type { Backend } from '../backend/backend.ts';
import { presentPreview, previewResource } from '../commands/preview-schema.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idParams } from '../http/params.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { createTransferBody } from './transfer-schema.ts';

const responses = {
  200: { description: 'What the command would do. Nothing was changed.', schema: previewResource },
};

export function previewTransfer(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'transfers.previewCreate',
    path: '/v1/transfers/preview',
    role: 'ops',
    tag: 'Transfers',
    summary: 'Preview: make a special-case transfer without an order',
    readsStripe: true,
    body: createTransferBody,
    responses,
    async handle({ body }) {
      const destination = await backend.accountIds.of(body.destination, 'destination');
      const [available, { connected }] = await Promise.all([
        availableFor(backend.stripe, asPlatform, body),
        currenciesOf(backend, destination, false),
      ]);
      const preview = previewOfPlainTransfer({ ...body, destination }, available ?? 0, connected);
      return { status: 200, body: presentPreview(preview) };
    },
  });
}

export function previewTransferDecision({ transfers }: Backend): Endpoint {
  const { message, role, description } = TRANSFER_COMMANDS.resolve;
  return endpoint({
    method: 'post',
    name: 'transfers.previewResolve',
    path: '/v1/transfers/{id}/resolve/preview',
    role,
    tag: 'Transfers',
    summary: `Preview: ${description}`,
    readsStripe: true,
    params: idParams,
    body: message,
    responses,
    async handle({ params, body, actor }) {
      const transfer = await transfers.read(params.id);
      const { attention, approvals } = transfer;
      const command = { ...body, kind: 'resolve' } as const;
      refuseIfBroken(
        refusalOfTransferCommand(transfer, command) ?? refusalOfDecision(approvals, command, actor),
      );
      const notices = approvalNotices(approvals);
      const summary = summaryOfResolve({ attention, notices, approvals }, command);
      const nothing = { movements: [], released: 0, hasStripeFee: false };
      return { status: 200, body: presentPreview({ summary, ...nothing }) };
    },
  });
}
