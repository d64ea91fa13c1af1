import type { Backend } from '../backend/backend.ts';
import { presentTimeline } from '../commands/present-timeline.ts';
import { timelineResource } from '../commands/timeline.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idParams } from '../http/params.ts';

export function getTimeline({ orders }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'orders.timeline',
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
