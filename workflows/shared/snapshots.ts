import type { EventCursor } from '../../domain/stripe-events/event-cursor.ts';
import type { FeedCursor } from '../../domain/stripe-events/event-lists.ts';
import { listsOf } from '../../domain/stripe-events/event-lists.ts';
import { ORDER_EVENT_TYPES } from '../../domain/stripe-events/stripe-events.ts';

/** What one run of a workflow leaves to the next one, with the version of its shape. */
export type Versioned<Snapshot> = Snapshot & { readonly version: number };

/** The same, with the work that waits for the next run. */
export type Carried<Snapshot, Work> = Versioned<Snapshot> & { readonly waiting: readonly Work[] };

/** From each version to the next: the first step leads from version 1 to 2. */
export type Steps = readonly ((older: never) => unknown)[];

/**
 * What is carried over, by kind. A change of shape adds the step from the shape before; only this table knows older
 * versions. Delete a step once no snapshot of its version is left.
 */
const STEPS = {
  order: [],
  /** What a closed order leaves to the run that reopens it. */
  order_memory: [],
  account: [],
  payout: [],
  transfer: [],
  /** The same of a transfer that is reopened to be reversed. */
  transfer_memory: [],
  event_subscriptions: [],
  day_book: [],
  sync: [severalLists],
  reconcile: [],
  reconciliation: [],
} satisfies Record<string, Steps>;

export type SnapshotKind = keyof typeof STEPS;

/** Marks what is carried over with today's version. */
export function carry<Snapshot extends object>(kind: SnapshotKind, snapshot: Snapshot): Versioned<Snapshot> {
  return { ...snapshot, version: STEPS[kind].length + 1 };
}

/**
 * What was carried over, in today's shape. An unknown version, as after a rollback, throws an ordinary error: the
 * workflow task is retried until a worker knows it, and nothing is lost.
 */
export function upgrade<Snapshot extends object>(
  kind: SnapshotKind,
  carried: Versioned<Snapshot>,
  steps: Steps = STEPS[kind],
): Versioned<Snapshot> {
  const today = steps.length + 1;
  const { version } = carried;
  if (!(Number.isInteger(version) && version >= 1 && version <= today)) {
    throw new Error(
      `The snapshot "${kind}" has version ${version}; this worker knows 1 to ${today}. ` +
        'Deploy the release that wrote it, or a later one.',
    );
  }
  const upgraded = steps.slice(version - 1).reduce<unknown>((older, step) => step(older as never), carried);
  return { ...(upgraded as Snapshot), version: today };
}

/** The one list there was showed the first types: newer ones come behind them. Nothing older than it remembers was left to read. */
function severalLists({ after, seen }: EventCursor): FeedCursor {
  const [types = []] = listsOf(ORDER_EVENT_TYPES);
  return { lists: [{ types, cursor: { after, seen }, readAt: seen.at(-1)?.created ?? null, next: null }] };
}
