import type { Backend } from '../backend.ts';
import type { Endpoint } from '../endpoint.ts';
import { endpoint } from '../endpoint.ts';
import { presentTimeline } from '../present-timeline.ts';
import { idParams } from '../schemas/params.ts';
import { timelineResource } from '../schemas/timeline.ts';

export function getTimeline({ orders }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/orders/{id}/timeline',
    role: 'read',
    tag: 'Orders',
    summary: 'Every command, Stripe call, event and operator’s action, in order',
    params: idParams,
    responses: { 200: { description: 'Oldest first.', schema: timelineResource } },
    async handle({ params }) {
      return {
        status: 200,
        body: presentTimeline(`/v1/orders/${params.id}`, await orders.timeline(params.id)),
      };
    },
  });
}
