import type { OutgoingEventType } from './outgoing-event.ts';

/** Where outgoing events are sent. Its signing secret is derived from its id and generation, and kept nowhere. */
export interface EventSubscription {
  readonly id: string;
  readonly url: string;
  /** Types, or `*` for all. */
  readonly events: readonly (OutgoingEventType | '*')[];
  readonly description: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Rises with every rotation of the secret. */
  readonly generation: number;
  /** Until when the secret before signs too; milliseconds since the epoch. Null: there is none. */
  readonly previousUntil: number | null;
  /** Why nothing is sent any more; null: it is. */
  readonly disabled: { readonly reason: string; readonly at: number } | null;
}

/** More would make every event a burst of requests. */
export const SUBSCRIPTIONS_MAX = 50;

/** Whether it asked for events of this type. One that is disabled did too: it can be told later what it has missed. */
export function wants({ events }: EventSubscription, type: OutgoingEventType): boolean {
  return events.includes('*') || events.includes(type);
}

/** The generations of the secret that sign at a moment, newest first. */
export function signingGenerations(
  { generation, previousUntil }: EventSubscription,
  at: number,
): readonly number[] {
  return previousUntil !== null && at < previousUntil ? [generation, generation - 1] : [generation];
}
