import { PAYOUT_WORKFLOW } from '../../contract/payouts.ts';
import { payoutIdOf, payoutWorkflowId } from '../../domain/ids.ts';
import { presentPayout } from '../../domain/payouts/present-payout.ts';
import type { Backend } from '../backend/backend.ts';
import { listPage } from '../backend/list-page.ts';
import { equals, pendingFor } from '../backend/visibility-filter.ts';
import type { ListResource, UnreadableResource } from '../http/common.ts';
import { listOfWorkflows } from '../http/common.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import type { ListPayoutsQuery } from './list-payouts-query.ts';
import { listPayoutsQuery } from './list-payouts-query.ts';
import type { PayoutResource, PayoutSummaryResource } from './payout-schema.ts';
import { payoutResource, payoutSummaryResource } from './payout-schema.ts';
import { summarizePayout } from './summarize-payout.ts';

export const payoutList = listOfWorkflows([payoutSummaryResource, payoutResource], 'PayoutList');

export function listPayouts(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'payouts.list',
    path: '/v1/payouts',
    role: 'read',
    tag: 'Payouts',
    summary: 'List Waybill’s payouts of all connected accounts, newest first',
    query: listPayoutsQuery,
    responses: {
      200: {
        description: 'A page of summaries of payouts; with `expand[]=data` of whole payouts.',
        schema: payoutList,
      },
    },
    async handle({ query }) {
      const account = await backend.accountIds.ofOptional(query.connected_account, 'connected_account');
      const asked = { ...query, connected_account: account };
      return { status: 200, body: await pageOfPayouts(backend, '/v1/payouts', asked) };
    },
  });
}

/** A page of the payouts that Waybill made. */
export function pageOfPayouts(
  backend: Backend,
  url: string,
  query: ListPayoutsQuery,
): Promise<ListResource<PayoutSummaryResource | PayoutResource | UnreadableResource>> {
  const { status, needs_attention: needsAttention, connected_account: account } = query;
  return listPage<PayoutSummaryResource | PayoutResource>(backend, {
    url,
    noun: 'payout',
    workflowType: PAYOUT_WORKFLOW,
    workflowId: payoutWorkflowId,
    idOf: payoutIdOf,
    conditions: [
      ...pendingFor(query),
      ...(status === undefined ? [] : [equals('PayoutStatus', status)]),
      ...(needsAttention === undefined ? [] : [equals('NeedsAttention', needsAttention)]),
      ...(account === undefined ? [] : [equals('ConnectedAccount', account)]),
    ],
    query,
    summarize: query['expand[]'] === undefined ? summarizePayout : undefined,
    read: async (id) => presentPayout(await backend.payouts.read(id)),
  });
}
