import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { scan } from '../../stripe/scan.ts';
import type { Backend } from '../backend/backend.ts';
import { refuseUnknown } from '../backend/known-account.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { accountParams } from '../http/params.ts';
import { pageOfPayouts, payoutList } from './list-payouts.ts';
import { listAccountPayoutsQuery } from './list-payouts-query.ts';
import { presentStripePayout } from './present-payout.ts';

const OF_WAYBILL_ALONE = ['needs_attention', 'pending_for[gte]'] as const;

export function listAccountPayouts(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'accounts.listPayouts',
    path: '/v1/accounts/{id}/payouts',
    readsStripe: true,
    role: 'read',
    tag: 'Payouts',
    summary: "List a connected account's payouts, newest first: Waybill's, or the automatic ones",
    params: accountParams,
    query: listAccountPayoutsQuery,
    responses: { 200: { description: 'A page of payouts.', schema: payoutList } },
    async handle({ params, query: { automatic, ...query } }) {
      const account = await backend.accountIds.of(params.id, 'id');
      const url = `/v1/accounts/${account}/payouts`;
      if (!automatic) {
        const body = await pageOfPayouts(backend, url, { ...query, connected_account: account });
        // For an account that does not exist Temporal lists nothing either.
        if (body.data.length === 0) await refuseUnknown(backend, account);
        return { status: 200, body };
      }
      const param = OF_WAYBILL_ALONE.find((name) => query[name] !== undefined);
      if (param !== undefined) {
        const why = `${param} is known of payouts that Waybill made, not of automatic ones.`;
        throw new ProblemError(problem('invalid_request', why, { param }));
      }
      const payouts = payoutsOf(backend.stripe, asAccount(account));
      const { data, hasMore } = await scan({
        limit: query.limit,
        startingAfter: query.starting_after,
        page: (page) =>
          payouts.list(
            { ...page, ...(query.status === undefined ? {} : { status: query.status }) },
            STRIPE_READ,
          ),
        keep: (payout) => payout.automatic,
        hasNoPeriod: true,
      });
      const shown = data.map((payout) => presentStripePayout(payout, account));
      return { status: 200, body: { object: 'list', url, has_more: hasMore, data: shown } };
    },
  });
}
