/** Ids of outgoing events and of their subscribers. */

/** An order's event: the same event has the same id, however often it is sent. */
export function outgoingEventId(orderId: string, sequence: number): string {
  return `${beginningOf(orderId)}${sequence}`;
}

/**
 * No order id has a tilde or a colon. A full stop stands between id, time and body in what Standard Webhooks signs: an id
 * that callers choose must not have any.
 */
function beginningOf(orderId: string): string {
  return `evt_${orderId.replaceAll('.', ':')}~`;
}

export const OUTGOING_EVENT_ID_PATTERN = /^evt_[A-Za-z0-9][A-Za-z0-9_:-]{0,63}~\d{1,15}$/;

/** The workflow that delivers an event to its subscribers. */
export function outgoingEventWorkflowId(eventId: string): string {
  return `outgoing-event/${eventId}`;
}

/** The event of a workflow id, or `undefined` if that is not an event's workflow. */
export function outgoingEventIdOf(workflowId: string): string | undefined {
  const prefix = 'outgoing-event/';
  return workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : undefined;
}

/** Beginning of the workflow ids of all events of an order. */
export function outgoingEventsOf(orderId: string): string {
  return outgoingEventWorkflowId(beginningOf(orderId));
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
