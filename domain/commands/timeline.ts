/** One thing that happened to an order, for people. `at`: milliseconds since the epoch. */
export interface TimelineEntry {
  readonly at: number;
  readonly type: 'command' | 'stripe_call' | 'state' | 'attention' | 'event';
  /** What happened, in the field's words: `capture`, `refunds.create`, `authorized`. */
  readonly name: string;
  /**
   * Who caused it: an API key's name, `temporal` or `ada (via temporal)` for a signal that names somebody, `stripe` for an event, `waybill`
   * for the workflow itself.
   */
  readonly actor: string;
  /** The command behind it. */
  readonly cause: string | null;
  readonly detail: string | null;
  readonly stripeId: string | null;
  readonly stripeRequestId: string | null;
}

export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  /**
   * Entries that were dropped because the timeline was full: first what Stripe reported, then what was done, the oldest first,
   * and never the order's creation.
   */
  readonly dropped: number;
}

export const TIMELINE_LIMIT = 500;

export const EMPTY_TIMELINE: Timeline = { entries: [], dropped: 0 };

/** The timeline with one more entry. */
export function record(timeline: Timeline, entry: TimelineEntry): Timeline {
  if (timeline.entries.length < TIMELINE_LIMIT) {
    return { ...timeline, entries: [...timeline.entries, entry] };
  }
  const oldestEvent = timeline.entries.findIndex(({ type }, index) => index > 0 && type === 'event');
  const entries = timeline.entries.toSpliced(oldestEvent < 0 ? 1 : oldestEvent, 1);
  return { entries: [...entries, entry], dropped: timeline.dropped + 1 };
}
