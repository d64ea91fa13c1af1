import type { OutgoingEvent } from '../domain/outgoing-events/outgoing-event.ts';

/** What is sent, as Standard Webhooks has it. The same event always is the same text. */
export function payloadOf({ type, createdAt, order }: OutgoingEvent): string {
  return JSON.stringify({ type, timestamp: new Date(createdAt).toISOString(), data: order });
}
