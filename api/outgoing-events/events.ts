import type { z } from 'zod';
import { OUTGOING_EVENT_WORKFLOW } from '../../contract/outgoing-events.ts';
import type { EventSource } from '../../domain/outgoing-events/event-ids.ts';
import {
  outgoingEventIdOf,
  outgoingEventsOf,
  outgoingEventWorkflowId,
} from '../../domain/outgoing-events/event-ids.ts';
import type { EventKind } from '../../domain/outgoing-events/event-types.ts';
import type { Backend } from '../backend/backend.ts';
import { referenceOf } from '../backend/known-account.ts';
import { listPage } from '../backend/list-page.ts';
import { compares, equals, isWithin, startsWith } from '../backend/visibility-filter.ts';
import { listOfWorkflows } from '../http/common.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { eventParams, eventResource, listEventsQuery, replayBody } from './events-schema.ts';
import { presentEvent } from './present-event.ts';

export function listEvents(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'events.list',
    path: '/v1/events',
    role: 'read',
    tag: 'Events',
    summary: 'List outgoing events, newest first',
    query: listEventsQuery,
    responses: {
      200: { description: 'A page of events.', schema: listOfWorkflows([eventResource], 'EventList') },
    },
    async handle({ query }) {
      const account = query.account && (await referenceOf(backend, query.account));
      const body = await listPage(backend, {
        url: '/v1/events',
        noun: 'event',
        workflowType: OUTGOING_EVENT_WORKFLOW,
        workflowId: outgoingEventWorkflowId,
        idOf: outgoingEventIdOf,
        conditions: conditionsOf({ ...query, account }),
        query,
        read: async (id) => presentEvent(await backend.outgoing.read(id)),
      });
      return { status: 200, body };
    },
  });
}

function conditionsOf({
  type,
  order,
  payout,
  transfer,
  account,
  'created[gte]': since,
}: z.output<typeof listEventsQuery>): string[] {
  const sources = Object.entries({ order, payout, transfer, account }) as [EventKind, string | undefined][];
  return [
    ...(type === undefined ? [] : [equals('EventType', type)]),
    ...sources.flatMap(([kind, id]) => (id === undefined ? [] : isOf({ kind, id }))),
    // Its delivery starts when it has happened, never before.
    ...(since === undefined ? [] : [compares('StartTime', 'gte', since)]),
  ];
}

/** Temporal's databases have an index for a range of ids, and none for how an id begins: they would read the events of all objects. */
function isOf(source: EventSource): string[] {
  const { beginning, first, last } = outgoingEventsOf(source);
  return [isWithin('WorkflowId', first, last), startsWith('WorkflowId', beginning)];
}

export function getEvent({ outgoing }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'events.get',
    path: '/v1/events/{id}',
    role: 'read',
    tag: 'Events',
    summary: 'Read one event and its deliveries',
    params: eventParams,
    responses: { 200: { description: 'The event.', schema: eventResource } },
    async handle({ params }) {
      return { status: 200, body: presentEvent(await outgoing.read(params.id)) };
    },
  });
}

export function replayEvent({ outgoing }: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'events.replay',
    path: '/v1/events/{id}/replay',
    role: 'ops',
    tag: 'Events',
    summary: 'Deliver an event once more, under the same webhook-id',
    params: eventParams,
    headers: idempotencyHeaders,
    body: replayBody,
    responses: { 202: { description: 'On its way.', schema: eventResource, located: true } },
    async handle(request) {
      const { params, body } = request;
      const envelope = envelopeOf(request, 'replay_event', digestOf(request, 'replay', params.id));
      const event = await outgoing.replay(params.id, envelope, body.subscription ?? null);
      const headers = {
        Location: `/v1/events/${params.id}`,
        ...(event.repeated ? { 'Idempotent-Replayed': 'true' } : {}),
      };
      return { status: 202, headers, body: presentEvent(event) };
    },
  });
}
