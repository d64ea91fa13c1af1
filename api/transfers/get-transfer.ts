import { transferWorkflowId } from '../../domain/ids.ts';
import { attemptOf } from '../backend/attempt.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idParams } from '../http/params.ts';
import { presentTransfer } from './present-transfer.ts';
import { transferResource } from './transfer-schema.ts';

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
