import type { Backend } from '../backend/backend.ts';
import { presentTimeline } from '../commands/present-timeline.ts';
import { timelineResource } from '../commands/timeline.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { ownPayoutParams } from '../http/params.ts';

export function getPayoutTimeline({ payouts, accountIds }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'payouts.timeline',
    path: '/v1/accounts/{id}/payouts/{payout}/timeline',
    role: 'read',
    tag: 'Payouts',
    summary: "Every command, Stripe call and decision of a payout of Waybill's, in order",
    params: ownPayoutParams,
    responses: { 200: { description: 'Oldest first.', schema: timelineResource } },
    async handle({ params: { id, payout } }) {
      const account = await accountIds.of(id, 'id');
      const timeline = await payouts.timeline({ account, payoutId: payout });
      return { status: 200, body: presentTimeline(`/v1/accounts/${id}/payouts/${payout}`, timeline) };
    },
  });
}
