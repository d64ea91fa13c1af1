import { transferWorkflowId } from '../../domain/ids.ts';
import { attemptOf } from '../backend/attempt.ts';
import type { Backend } from '../backend/backend.ts';
import { presentTimeline } from '../commands/present-timeline.ts';
import { timelineResource } from '../commands/timeline.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idParams } from '../http/params.ts';
import { transferResource } from './transfer-schema.ts';
import { transferView } from './transfer-view.ts';

export function getTransferTimeline({ transfers }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'transfers.timeline',
    path: '/v1/transfers/{id}/timeline',
    role: 'read',
    tag: 'Transfers',
    summary: 'Every command, Stripe call and decision of a transfer without an order, in order',
    params: idParams,
    responses: { 200: { description: 'Oldest first.', schema: timelineResource } },
    async handle({ params }) {
      const timeline = await transfers.timeline(params.id);
      return { status: 200, body: presentTimeline(`/v1/transfers/${params.id}`, timeline) };
    },
  });
}

export function getTransfer(backend: Backend): Endpoint {
  const { transfers, temporal } = backend;
  return endpoint({
    method: 'get',
    name: 'transfers.get',
    path: '/v1/transfers/{id}',
    role: 'read',
    readsStripe: true,
    tag: 'Transfers',
    summary: 'Read one transfer without an order',
    params: idParams,
    responses: { 200: { description: 'The transfer as it is now.', schema: transferResource } },
    async handle({ params }) {
      const transfer = await transfers.read(params.id);
      const attempt = await attemptOf(temporal, transferWorkflowId(params.id), transfer.pending);
      return { status: 200, body: await transferView(backend, transfer, attempt) };
    },
  });
}
