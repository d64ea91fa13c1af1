import { transferWorkflowId } from '../../domain/ids.ts';
import type { Backend } from '../backend.ts';
import type { Endpoint } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { presentTransfer } from '../present-transfer.ts';
import { idParams } from '../schemas/params.ts';
import { transferResource } from '../schemas/transfer.ts';
import { attemptOf } from '../temporal/attempt.ts';

export function getTransfer({ transfers, temporal }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/transfers/{id}',
    role: 'ops',
    tag: 'Transfers',
    summary: 'Read one transfer with no order',
    params: idParams,
    responses: { 200: { description: 'The transfer as it is now.', schema: transferResource } },
    async handle({ params }) {
      const transfer = await transfers.read(params.id);
      const attempt = await attemptOf(temporal, transferWorkflowId(params.id), transfer.pending);
      return { status: 200, body: presentTransfer(transfer, attempt) };
    },
  });
}
