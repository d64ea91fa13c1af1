import type { OutgoingEventType } from './event-types.ts';

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
  /** Until when the previous secret signs as well; milliseconds since the epoch. Null: there is none. */
  readonly previousUntil: number | null;
  /** Why nothing is sent; null: events are sent. */
  readonly disabled: { readonly reason: string; readonly at: number } | null;
  /** The first event that it did not get, though it gets others; `at`: when it was given up. Absent: none since it was enabled. */
  readonly missed?: { readonly reason: string; readonly at: number };
  /** When it was last enabled again; milliseconds since the epoch. Absent: never. */
  readonly enabledAt?: number;
}

/** More would make every event a burst of requests. */
export const SUBSCRIPTIONS_MAX = 50;

/** Whether it asked for events of this type. So did a disabled one: what it missed can be sent later. */
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
