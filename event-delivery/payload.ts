import type { OutgoingEvent } from '../domain/outgoing-events/outgoing-event.ts';
import { rfc3339 } from '../domain/rfc3339.ts';

/** What is sent, as Standard Webhooks has it. The same event always is the same text. */
export function payloadOf({ type, createdAt, data }: OutgoingEvent): string {
  return JSON.stringify({ type, timestamp: rfc3339(createdAt), data });
}
