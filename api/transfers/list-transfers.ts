import { TRANSFER_WORKFLOW } from '../../contract/transfers.ts';
import { transferIdOf, transferWorkflowId } from '../../domain/ids.ts';
import type { Backend } from '../backend/backend.ts';
import { listPage } from '../backend/list-page.ts';
import { equals, pendingFor } from '../backend/visibility-filter.ts';
import { listOfWorkflows } from '../http/common.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { listTransfersQuery } from '../http/list-queries.ts';
import { transferResource } from './transfer-schema.ts';
import { transferView } from './transfer-view.ts';

export function listTransfers(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'transfers.list',
    path: '/v1/transfers',
    role: 'read',
    readsStripe: true,
    tag: 'Transfers',
    summary: 'List transfers without an order, newest first',
    query: listTransfersQuery,
    responses: {
      200: {
        description: 'A page of transfers.',
        schema: listOfWorkflows([transferResource], 'TransferList'),
      },
    },
    async handle({ query }) {
      const { needs_attention: needsAttention } = query;
      const destination = await backend.accountIds.ofOptional(query.destination, 'destination');
      const body = await listPage(backend, {
        url: '/v1/transfers',
        noun: 'transfer',
        workflowType: TRANSFER_WORKFLOW,
        workflowId: transferWorkflowId,
        idOf: transferIdOf,
        conditions: [
          ...pendingFor(query),
          ...(needsAttention === undefined ? [] : [equals('NeedsAttention', needsAttention)]),
          ...(destination === undefined ? [] : [equals('ConnectedAccount', destination)]),
        ],
        query,
        read: async (id) => transferView(backend, await backend.transfers.read(id)),
      });
      return { status: 200, body };
    },
  });
}
