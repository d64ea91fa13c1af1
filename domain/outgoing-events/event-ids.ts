import type { EventKind } from './event-types.ts';
import { EVENT_KINDS } from './event-types.ts';

/** Ids of outgoing events and of their subscribers. */

/** Whose events are numbered together. */
export interface EventSource {
  readonly kind: EventKind;
  readonly id: string;
}

/** The same event has the same id, however often it is sent. */
export function outgoingEventId(source: EventSource, sequence: number): string {
  return `${beginningOf(source)}${sequence}`;
}

/** Another event of the same object. */
export function renumberedEventId(eventId: string, sequence: number): string {
  return `${eventId.slice(0, eventId.lastIndexOf('~') + 1)}${sequence}`;
}

/**
 * No id has a tilde or a colon. A full stop stands between id, time and body in what Standard Webhooks signs: an id
 * that callers choose must not have any.
 */
function beginningOf({ kind, id }: EventSource): string {
  return `evt_${kind}~${id.replaceAll('.', ':')}~`;
}

/** The event before it of the same object; null: it was the first. */
export function predecessorOf(eventId: string): string | null {
  const sequence = Number(eventId.slice(eventId.lastIndexOf('~') + 1));
  return sequence > 1 ? renumberedEventId(eventId, sequence - 1) : null;
}

export const OUTGOING_EVENT_ID_PATTERN = new RegExp(
  `^evt_(${EVENT_KINDS.join('|')})~[A-Za-z0-9][A-Za-z0-9_:-]{0,63}~\\d{1,15}$`,
);

/** The workflow that delivers an event to its subscribers. */
export function outgoingEventWorkflowId(eventId: string): string {
  return `outgoing-event/${eventId}`;
}

/** The event of a workflow id, or `undefined` if that is not an event's workflow. */
export function outgoingEventIdOf(workflowId: string): string | undefined {
  const prefix = 'outgoing-event/';
  return workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : undefined;
}

/** As many digits as {@link OUTGOING_EVENT_ID_PATTERN} takes. */
const SEQUENCE_MAX = 999_999_999_999_999;

/**
 * The workflow ids of all events of an object: each begins with `beginning`, and none is before `first` or after `last` in any order of texts
 * that a database may use, also one that skips punctuation.
 */
export function outgoingEventsOf(source: EventSource): { beginning: string; first: string; last: string } {
  return {
    beginning: outgoingEventWorkflowId(beginningOf(source)),
    first: outgoingEventWorkflowId(outgoingEventId(source, 1)),
    last: outgoingEventWorkflowId(outgoingEventId(source, SEQUENCE_MAX)),
  };
}

/** The workflow that delivers an event once more. */
export function eventReplayWorkflowId(eventId: string, commandId: string): string {
  return `event-replay/${eventId}/${commandId}`;
}

/** The workflow that keeps the subscriptions. */
export const EVENT_SUBSCRIPTIONS_WORKFLOW_ID = 'event-subscriptions';

/** `digest`: hex digest of the caller's name and its Idempotency-Key. */
export function eventSubscriptionIdFromDigest(digest: string): string {
  return `wes_${digest.slice(0, 24)}`;
}
