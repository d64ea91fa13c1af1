import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { RangeQuery } from './time-range.ts';

const DAY_MS = 24 * 3_600_000;
/** A quarter, however long it is. */
export const PERIOD_DAYS_MAX = 92;

/** Refuses to read all that Stripe has: what a request reads to the end needs a begin, an end, and few days between them. */
export function refuseUnbounded(query: RangeQuery<'created'>): void {
  const from = query['created[gte]'] ?? query['created[gt]'];
  const to = query['created[lt]'] ?? query['created[lte]'];
  if (from === undefined) refuse('created[gte]', 'is required: the start of the period.');
  if (to === undefined) refuse('created[lt]', 'is required: the end of the period.');
  if (to - from > PERIOD_DAYS_MAX * DAY_MS) {
    refuse('created[lt]', `must be at most ${PERIOD_DAYS_MAX} days after created[gte].`);
  }
}

function refuse(param: string, detail: string): never {
  throw new ProblemError(problem('invalid_request', `${param} ${detail}`, { param }));
}
