import { previewOfReversal } from '../../domain/orders/preview/preview.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import { refusalOfTransferCommand } from '../../domain/orders/transfer-refusals.ts';
import { refusalOfReversal } from '../../domain/orders/transfer-reversals.ts';
import { currenciesOf, readPaidTransfer } from '../../stripe/preview-facts.ts';
import type { Backend } from '../backend/backend.ts';
import { presentPreview, previewResource } from '../commands/preview-schema.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idParams } from '../http/params.ts';
import { refuseIfBroken } from '../http/problems.ts';

export function previewReversal(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'transfers.previewReverse',
    path: '/v1/transfers/{id}/reversals/preview',
    role: 'ops',
    tag: 'Transfers',
    summary: 'Preview: reverse a transfer without an order, in whole or in part',
    readsStripe: true,
    params: idParams,
    body: TRANSFER_COMMANDS.reverse_transfer.message,
    responses: {
      200: { description: 'What the command would do. Nothing was changed.', schema: previewResource },
    },
    async handle({ params, body: { amount = null } }) {
      const state = await backend.transfers.read(params.id);
      refuseIfBroken(refusalOfTransferCommand(state, { kind: 'reverse_transfer' }));
      const transfer = await readPaidTransfer(backend.stripe, state.transfer?.id ?? '');
      refuseIfBroken(refusalOfReversal(transfer, amount));
      const { connected } = await currenciesOf(backend, transfer.destination, false);
      return { status: 200, body: presentPreview(previewOfReversal(transfer, amount, connected)) };
    },
  });
}
