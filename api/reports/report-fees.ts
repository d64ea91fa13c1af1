import type { Fee, FeeFilter } from '../../stripe/fees.ts';
import { feePages, feesOf, isOfFee, transfersPage } from '../../stripe/fees.ts';
import { scan } from '../../stripe/scan.ts';
import type { AccountIds } from '../backend/account-ids.ts';
import type { Backend } from '../backend/backend.ts';
import { PERIOD_DAYS_MAX, refuseUnbounded } from '../http/bounded-period.ts';
import { CSV_TYPE, csvOf, wantsCsv } from '../http/csv.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import type { FeeTotalsQuery } from '../http/list-queries.ts';
import { acceptHeaders, feesQuery, feeTotalsQuery } from '../http/list-queries.ts';
import { stripeRange } from '../http/time-range.ts';
import { feeList, feeTotalsResource } from './fees-schema.ts';
import { FEE_COLUMNS, feeRow, presentFee, totalsOf } from './present-fees.ts';

const URL = '/v1/reports/fees';

export function reportFees({ stripe, accountIds }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'reports.listFees',
    path: URL,
    readsStripe: true,
    role: 'read',
    tag: 'Reports',
    summary: 'Application fees and destination platform fees, one for each sale, newest first',
    query: feesQuery,
    headers: acceptHeaders,
    responses: {
      200: {
        description: `A page of fees. With \`format=csv\` or \`Accept: text/csv\`: all of a period of at most ${PERIOD_DAYS_MAX} days, in minor units.`,
        schema: feeList,
        alsoAs: 'text/csv',
      },
    },
    async handle({ query, headers }) {
      const filter = await filterOf(query, accountIds);
      if (wantsCsv(query, headers.Accept)) {
        refuseUnbounded(query);
        return {
          status: 200,
          body: await csvOf(FEE_COLUMNS, rowsOf(feePages(stripe, filter))),
          contentType: CSV_TYPE,
          headers: { 'Content-Disposition': 'attachment; filename="fees.csv"' },
        };
      }
      const { data, hasMore } = await scan({
        limit: query.limit,
        startingAfter: query.starting_after,
        page: (page) => transfersPage(stripe, filter, page),
        keep: (transfer) => isOfFee(transfer, filter),
      });
      const fees = await feesOf(stripe, data);
      return {
        status: 200,
        body: { object: 'list', url: URL, has_more: hasMore, data: fees.map(presentFee) },
      };
    },
  });
}

export function reportFeeTotals({ stripe, accountIds }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'reports.sumFees',
    path: `${URL}/totals`,
    readsStripe: true,
    role: 'read',
    tag: 'Reports',
    summary: 'Sums of those fees, by currency and by connected account',
    query: feeTotalsQuery,
    responses: {
      200: {
        description: `Of all fees of a period of at most ${PERIOD_DAYS_MAX} days.`,
        schema: feeTotalsResource,
      },
    },
    async handle({ query }) {
      refuseUnbounded(query);
      return { status: 200, body: await totalsOf(feePages(stripe, await filterOf(query, accountIds))) };
    },
  });
}

async function filterOf(query: FeeTotalsQuery, accountIds: AccountIds): Promise<FeeFilter> {
  return {
    connectedAccount: await accountIds.ofOptional(query.connected_account, 'connected_account'),
    created: stripeRange(query, 'created'),
    currency: query.currency,
  };
}

async function* rowsOf(pages: AsyncIterable<readonly Fee[]>): AsyncGenerator<ReturnType<typeof feeRow>[]> {
  for await (const fees of pages) yield fees.map(feeRow);
}
