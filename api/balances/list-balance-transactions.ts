import type Stripe from 'stripe';
import type { ActingAs } from '../../stripe/acting-as.ts';
import { asAccount, asPlatform } from '../../stripe/acting-as.ts';
import { balanceOf } from '../../stripe/own-money.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { scan } from '../../stripe/scan.ts';
import type { Backend } from '../backend/backend.ts';
import { listOf } from '../http/common.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import type { ListBalanceTransactionsQuery } from '../http/list-queries.ts';
import { listBalanceTransactionsQuery } from '../http/list-queries.ts';
import { accountParams } from '../http/params.ts';
import { isWithin, stripeRange } from '../http/time-range.ts';
import { balanceTransactionResource } from './balance-schema.ts';
import { presentBalanceTransaction } from './present-balance.ts';

const responses = {
  200: {
    description: 'A page of the balance history.',
    schema: listOf(balanceTransactionResource, 'BalanceTransactionList'),
  },
};

export function listPlatformTransactions({ stripe }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'balance.listTransactions',
    path: '/v1/balance_transactions',
    readsStripe: true,
    role: 'read',
    tag: 'Balances',
    summary: "List the platform's balance transactions, newest first",
    query: listBalanceTransactionsQuery,
    responses,
    handle: ({ query }) => reply(stripe, asPlatform, '/v1/balance_transactions', query),
  });
}

export function listAccountTransactions(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'accounts.listBalanceTransactions',
    path: '/v1/accounts/{id}/balance_transactions',
    readsStripe: true,
    role: 'read',
    tag: 'Balances',
    summary: "List a connected account's balance transactions, newest first, as that account",
    params: accountParams,
    query: listBalanceTransactionsQuery,
    responses,
    async handle({ params, query }) {
      const account = await backend.accountIds.of(params.id, 'id');
      return reply(backend.stripe, asAccount(account), `/v1/accounts/${account}/balance_transactions`, query);
    },
  });
}

async function reply(stripe: Stripe, as: ActingAs, url: string, query: ListBalanceTransactionsQuery) {
  const own = balanceOf(stripe, as);
  const availableOn = stripeRange(query, 'available_on');
  const { data, hasMore } = await scan({
    limit: query.limit,
    startingAfter: query.starting_after,
    page: (page) => own.transactions({ ...page, ...filters(query) }, STRIPE_READ),
    keep: (entry) => isWithin(availableOn, entry.available_on),
  });
  return {
    status: 200,
    body: { object: 'list', url, has_more: hasMore, data: data.map(presentBalanceTransaction) },
  };
}

function filters(query: ListBalanceTransactionsQuery): Stripe.BalanceTransactionListParams {
  const { type, payout, source, currency } = query;
  const created = stripeRange(query, 'created');
  return {
    ...(type === undefined ? {} : { type }),
    ...(payout === undefined ? {} : { payout }),
    ...(source === undefined ? {} : { source }),
    ...(currency === undefined ? {} : { currency }),
    ...(Object.keys(created).length === 0 ? {} : { created }),
  };
}
