import pMap from 'p-map';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import { listOf } from '../http/common.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { listAccountsQuery } from '../http/list-queries.ts';
import { accountResource } from './account-schema.ts';
import { wholeAccount } from './account-view.ts';

const READS_AT_ONCE = 5;

export function listAccounts({ stripe, accountIds }: Backend): Endpoint {
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
      200: { description: 'A page of accounts.', schema: listOf(accountResource, 'AccountList') },
    },
    async handle({ query }) {
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
