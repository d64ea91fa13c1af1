import pMap from 'p-map';
import { ACCOUNT_WORKFLOW } from '../../contract/accounts.ts';
import { accountReferenceOf, accountWorkflowId } from '../../domain/ids.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import { findAccount } from '../backend/known-account.ts';
import { listPage } from '../backend/list-page.ts';
import { equals } from '../backend/visibility-filter.ts';
import { listOfWorkflows } from '../http/common.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import type { ListAccountsQuery } from '../http/list-queries.ts';
import { listAccountsQuery } from '../http/list-queries.ts';
import { accountResource } from './account-schema.ts';
import { viewOf, wholeAccount } from './account-view.ts';

const READS_AT_ONCE = 5;

export function listAccounts(backend: Backend): Endpoint {
  const { stripe, accountIds } = backend;
  return endpoint({
    method: 'get',
    name: 'accounts.list',
    path: '/v1/accounts',
    readsStripe: true,
    role: 'read',
    tag: 'Accounts',
    summary: "List the platform's connected accounts, newest first",
    query: listAccountsQuery,
    responses: {
      200: { description: 'A page of accounts.', schema: listOfWorkflows([accountResource], 'AccountList') },
    },
    async handle({ query }) {
      if (query.needs_attention) return { status: 200, body: await stuckAccounts(backend, query) };
      const after = await accountIds.ofOptional(query.starting_after, 'starting_after');
      const page = await stripe.accounts.list(
        { limit: query.limit, ...(after === undefined ? {} : { starting_after: after }) },
        STRIPE_READ,
      );
      return {
        status: 200,
        body: {
          object: 'list',
          url: '/v1/accounts',
          has_more: page.has_more,
          data: await pMap(page.data, (account) => wholeAccount({ stripe }, account), {
            concurrency: READS_AT_ONCE,
          }),
        },
      };
    },
  });
}

/** Which they are, only their workflows know; what they are, Stripe does. */
async function stuckAccounts(backend: Backend, { limit, starting_after: after }: ListAccountsQuery) {
  const read = (reference: string) => findAccount(backend, reference);
  return listPage(backend, {
    url: '/v1/accounts',
    noun: 'account',
    workflowType: ACCOUNT_WORKFLOW,
    workflowId: accountWorkflowId,
    idOf: accountReferenceOf,
    conditions: [equals('NeedsAttention', true)],
    query: { limit, starting_after: after === undefined ? undefined : (await read(after)).reference },
    read: async (reference) => viewOf(backend, await read(reference)),
  });
}
