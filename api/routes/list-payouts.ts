import { PAYOUT_WORKFLOW } from '../../contract/payouts.ts';
import { payoutIdOf, payoutWorkflowId } from '../../domain/ids.ts';
import type { Backend } from '../backend.ts';
import type { Endpoint } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { presentPayout } from '../present-payout.ts';
import type { ListResource, UnreadableResource } from '../schemas/common.ts';
import { listOfWorkflows } from '../schemas/common.ts';
import type { ListPayoutsQuery } from '../schemas/list-payouts-query.ts';
import { listPayoutsQuery } from '../schemas/list-payouts-query.ts';
import type { PayoutResource } from '../schemas/payout.ts';
import { payoutResource } from '../schemas/payout.ts';
import { equals, pendingFor } from '../temporal/visibility-filter.ts';
import { listPage } from './list-page.ts';

export const payoutList = listOfWorkflows(payoutResource, 'PayoutList');

export function listPayouts(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/payouts',
    role: 'read',
    tag: 'Payouts',
    summary: 'List the payouts of all connected accounts that Waybill made, newest first',
    query: listPayoutsQuery,
    responses: { 200: { description: 'A page of payouts.', schema: payoutList } },
    async handle({ query }) {
      return { status: 200, body: await pageOfPayouts(backend, '/v1/payouts', query) };
    },
  });
}

/** A page of the payouts that Waybill made. */
export function pageOfPayouts(
  backend: Backend,
  url: string,
  query: ListPayoutsQuery,
): Promise<ListResource<PayoutResource | UnreadableResource>> {
  const { status, needs_attention: needsAttention, connected_account: account } = query;
  return listPage(backend, {
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
    read: async (id) => presentPayout(await backend.payouts.read(id)),
  });
}
