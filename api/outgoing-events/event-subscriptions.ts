import type { SubscriptionAnswer } from '../../contract/outgoing-events.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { problem } from '../../domain/errors.ts';
import { eventSubscriptionIdFromDigest } from '../../domain/outgoing-events/event-ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { signingSecret } from '../../event-delivery/signing.ts';
import type { Backend } from '../backend/backend.ts';
import { listOf } from '../http/common.ts';
import type { Endpoint, Reply } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { digestOf, envelopeOf, problemOfRepeat } from '../http/idempotency.ts';
import {
  createSubscriptionBody,
  rotateSecretBody,
  subscriptionParams,
  subscriptionResource,
} from './events-schema.ts';
import { presentSubscription } from './present-event.ts';
import { refusalOfUrl } from './subscription-url.ts';

const URL = '/v1/event_subscriptions';

export function createSubscription(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'eventSubscriptions.create',
    path: URL,
    role: 'ops',
    tag: 'Events',
    summary: 'Subscribe a URL to events, signed by Standard Webhooks',
    headers: idempotencyHeaders,
    body: createSubscriptionBody,
    responses: {
      201: { description: 'With its secret, which is not shown again.', schema: subscriptionResource },
    },
    async handle(request) {
      const { body } = request;
      const refusal = refusalOfUrl(body.url, backend.events.allowLoopback);
      if (refusal) throw new ProblemError(refusal);
      const key = signingKeyOf(backend);
      const digest = digestOf(request, 'event_subscriptions');
      const envelope = envelopeOf(request, 'create_event_subscription', digest);
      const subscription = {
        id: eventSubscriptionIdFromDigest(digest),
        url: body.url,
        events: body.events,
        description: body.description ?? null,
      };
      const answer = await backend.outgoing.change({ ...envelope, kind: 'create', subscription });
      return reply(201, answer, envelope, key);
    },
  });
}

export function listSubscriptions({ outgoing }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'eventSubscriptions.list',
    path: URL,
    role: 'ops',
    tag: 'Events',
    summary: 'List event subscriptions',
    responses: {
      200: { description: 'All of them.', schema: listOf(subscriptionResource, 'EventSubscriptionList') },
    },
    async handle() {
      const data = (await outgoing.subscriptions()).map((one) => presentSubscription(one));
      return { status: 200, body: { object: 'list', url: URL, has_more: false, data } };
    },
  });
}

export function deleteSubscription({ outgoing }: Backend): Endpoint {
  return endpoint({
    method: 'delete',
    name: 'eventSubscriptions.delete',
    path: `${URL}/{id}`,
    role: 'ops',
    tag: 'Events',
    summary: 'Delete an event subscription',
    params: subscriptionParams,
    responses: { 200: { description: 'As it was.', schema: subscriptionResource } },
    async handle(request) {
      const { id } = request.params;
      // Each request is one of its own: what is deleted is gone for the next.
      const named = { ...request, headers: { 'Idempotency-Key': request.requestId } };
      const envelope = envelopeOf(named, 'delete_event_subscription', digestOf(named, 'delete', id));
      return reply(200, await outgoing.change({ ...envelope, kind: 'delete', id }), envelope, null);
    },
  });
}

export function enableSubscription({ outgoing }: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'eventSubscriptions.enable',
    path: `${URL}/{id}/enable`,
    role: 'ops',
    tag: 'Events',
    summary: 'Enable a disabled event subscription, once its receiver works',
    params: subscriptionParams,
    headers: idempotencyHeaders,
    responses: { 200: { description: 'Enabled.', schema: subscriptionResource } },
    async handle(request) {
      const { id } = request.params;
      const envelope = envelopeOf(request, 'enable_event_subscription', digestOf(request, 'enable', id));
      return reply(200, await outgoing.change({ ...envelope, kind: 'enable', id }), envelope, null);
    },
  });
}

export function rotateSecret(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'eventSubscriptions.rotateSecret',
    path: `${URL}/{id}/rotate_secret`,
    role: 'ops',
    tag: 'Events',
    summary: 'Create a new signing secret; for a while both sign',
    params: subscriptionParams,
    headers: idempotencyHeaders,
    body: rotateSecretBody,
    responses: {
      200: { description: 'With its new secret, which is not shown again.', schema: subscriptionResource },
    },
    async handle(request) {
      const { id } = request.params;
      const key = signingKeyOf(backend);
      const envelope = envelopeOf(request, 'rotate_event_secret', digestOf(request, 'rotate', id));
      const overlapMs = request.body.overlap_seconds * 1_000;
      const answer = await backend.outgoing.change({ ...envelope, kind: 'rotate_secret', id, overlapMs });
      return reply(200, answer, envelope, key);
    },
  });
}

/** `key`: where the answer contains the secret. */
function reply(
  status: number,
  { result, subscription }: SubscriptionAnswer,
  envelope: CommandEnvelope,
  key: string | null,
): Reply {
  if (result.requestHash !== envelope.requestHash) throw new ProblemError(problemOfRepeat(result, envelope));
  if (!subscription) throw new ProblemError(result.problem ?? problem('internal', 'No answer.'));
  const secret = key === null ? undefined : signingSecret(key, subscription);
  return {
    status,
    body: presentSubscription(subscription, secret),
    ...(result.requestId === envelope.requestId ? {} : { headers: { 'Idempotent-Replayed': 'true' } }),
  };
}

function signingKeyOf({ events: { signingKey } }: Backend): string {
  if (signingKey !== null) return signingKey;
  throw new ProblemError(
    problem(
      'state_conflict',
      'Events cannot be signed: WAYBILL_EVENTS_KEY is set for neither API nor workers.',
    ),
  );
}
