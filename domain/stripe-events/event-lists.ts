import type { EventCursor } from './event-cursor.ts';

/** Stripe lists events by at most so many types, so that more of them take several lists. */
export const LIST_TYPES_MAX = 20;

/** How far one of the lists has been read. */
export interface ListCursor {
  readonly types: readonly string[];
  /** Null: it begins by time, since it has shown no event yet, or Stripe has forgotten the last one. */
  readonly cursor: EventCursor | null;
  /** When it was last read to its end, by Waybill's clock; in seconds since the epoch. Null: never yet. */
  readonly readAt: number | null;
  /** Behind which event the round goes on; null: it has read the list to its end. */
  readonly next: string | null;
}

/** How far all of them have been read. */
export interface FeedCursor {
  readonly lists: readonly ListCursor[];
}

/** As few lists as the types take. */
export function listsOf(types: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(types.length / LIST_TYPES_MAX);
  return Array.from({ length: count }, (_, n) => types.slice(n * LIST_TYPES_MAX, (n + 1) * LIST_TYPES_MAX));
}

/** Where the lists of these types go on, whichever lists were carried over. */
export function cursorsOf(carried: FeedCursor | null, types: readonly string[]): readonly ListCursor[] {
  return listsOf(types).map((list) => cursorOf(carried?.lists ?? [], list));
}

/**
 * A list that shows what it has shown, or more, goes on where it was. Another one begins at the time up to which all lists were read that
 * have shown its types, or all that there were: one may be behind another.
 */
function cursorOf(carried: readonly ListCursor[], types: readonly string[]): ListCursor {
  const related = carried.filter((list) => list.types.some((type) => types.includes(type)));
  const [before, ...others] = related;
  if (before && others.length === 0 && before.types.every((type) => types.includes(type))) {
    return { ...before, types };
  }
  return { types, cursor: null, readAt: earliestEnd(related.length > 0 ? related : carried), next: null };
}

/** One that was never read to its end has been read up to what it remembers. */
function earliestEnd(lists: readonly ListCursor[]): number | null {
  const ends = lists.map(({ readAt, cursor }) => readAt ?? cursor?.seen[0]?.created ?? null);
  const known = ends.filter((end) => end !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
