/** What the list of Stripe's events says about one of them. */
export interface ListedEvent {
  readonly id: string;
  /** Seconds since the epoch, by Stripe's clock. */
  readonly created: number;
}

/**
 * How far the list of events has been read. Stripe does not promise that an event shows up in the list in the order of
 * its time, so the last moments are read again, and what was seen of them is remembered.
 */
export interface EventCursor {
  /** The list is read on from behind this event. */
  readonly after: string;
  /** Behind it and fed already. */
  readonly seen: readonly ListedEvent[];
}

/** Seconds of Stripe's clock that are read again. */
export const OVERLAP_SECONDS = 60;
/** Events remembered; more happen in a minute only where a missed latecomer is the smaller trouble. */
export const SEEN_MAX = 500;

/** The events of a page that were not fed yet; in the page's order. */
export function unseen<T extends ListedEvent>(cursor: EventCursor | null, page: readonly T[]): readonly T[] {
  const seen = new Set(cursor?.seen.map(({ id }) => id));
  return page.filter(({ id }) => !seen.has(id));
}

/**
 * The cursor after a page was fed, which came oldest first; null as long as there was no event at all. The next reading
 * begins behind the newest event that is too old to be overtaken.
 */
export function advance(cursor: EventCursor | null, page: readonly ListedEvent[]): EventCursor | null {
  const known = [...(cursor?.seen ?? []), ...unseen(cursor, page)].toSorted((a, b) => a.created - b.created);
  const [oldest, newest] = [known.at(0), known.at(-1)];
  if (!oldest || !newest) return cursor;
  const settled = known.filter(({ created }) => created <= newest.created - OVERLAP_SECONDS).length;
  const done = Math.max(settled, known.length - SEEN_MAX);
  return {
    after: known[done - 1]?.id ?? cursor?.after ?? oldest.id,
    seen: known.slice(done).map(({ id, created }) => ({ id, created })),
  };
}
