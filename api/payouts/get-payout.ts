import { payoutWorkflowId } from '../../domain/ids.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { attemptOf } from '../backend/attempt.ts';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { payoutParams } from '../http/params.ts';
import { payoutResource } from './payout-schema.ts';
import { presentPayoutWith, presentStripePayout } from './present-payout.ts';

export function getPayout({ payouts, accountIds, stripe, stripeReads, temporal }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'payouts.get',
    path: '/v1/accounts/{id}/payouts/{payout}',
    role: 'read',
    tag: 'Payouts',
    summary: "Read one payout of a connected account, by Waybill's id or by Stripe's",
    params: payoutParams,
    responses: { 200: { description: 'The payout as it is now.', schema: payoutResource } },
    async handle({ params: { id, payout }, actor }) {
      const account = await accountIds.of(id, 'id');
      if (payout.startsWith('wpo_')) {
        const read = await payouts.readOf({ account, payoutId: payout });
        const attempt = await attemptOf(temporal, payoutWorkflowId(payout), read.pending);
        return { status: 200, body: presentPayoutWith(read, attempt) };
      }
      stripeReads.spend(actor);
      const made = await payoutsOf(stripe, asAccount(account)).retrieve(payout, STRIPE_READ);
      return { status: 200, body: presentStripePayout(made, account) };
    },
  });
}
