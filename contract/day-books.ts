import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Problem } from '../domain/errors.ts';
import type { BookOwner, Take } from '../domain/limits/day-book.ts';
import type { DayLimit } from '../domain/limits/day-limits.ts';

export const DAY_BOOK_WORKFLOW = 'dayBook';

const HOUR_MS = 60 * 60 * 1000;

/** How long after its day a worker still counts in a book: what was asked for just before midnight may be on its way. Milliseconds. */
export const BOOK_USED_MS = HOUR_MS;

/** How long after its day a book is there: as long as a worker may use it whose clock is behind Temporal's. A new one would begin with nothing. */
export const BOOK_KEPT_MS = BOOK_USED_MS + HOUR_MS;

/** Argument of the workflow that counts what one owner moves out on one day. */
export interface DayBookInput {
  readonly owner: BookOwner;
  /** UTC: `2026-01-31`. */
  readonly day: string;
}

/** Counts a movement; why it is too much, or null. `limit`: as it is configured now. */
export const takeUpdate = defineUpdate<Problem | null, [{ readonly take: Take; readonly limit: DayLimit }]>(
  'take',
);

/** Nothing came of the operation of that id. */
export const giveBackSignal = defineSignal<[id: string]>('giveBack');
