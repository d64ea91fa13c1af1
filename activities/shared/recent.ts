/** At least so many: Stripe returns them in one call. */
const COUNT_MIN = 100;
/** At most so many: ten calls. */
const COUNT_MAX = 1_000;
const DAYS = 30;
const DAY_MS = 24 * 3_600_000;

/**
 * The newest objects of a list that Stripe filters by nothing but time, newest first: those of the last 30 days before
 * `requestedAt` (milliseconds since the epoch), and at least the newest 100.
 */
export async function newest<T extends { readonly created?: number }>(
  list: AsyncIterable<T>,
  requestedAt: number,
): Promise<readonly T[]> {
  const since = (requestedAt - DAYS * DAY_MS) / 1000;
  const found: T[] = [];
  for await (const one of list) {
    const isOld = (one.created ?? 0) < since;
    if (found.length >= COUNT_MAX || (found.length >= COUNT_MIN && isOld)) break;
    found.push(one);
  }
  return found;
}

/** Clocks of two parties differ a little. */
const CLOCK_SKEW_SECONDS = 300;

/** The time at Stripe, in seconds, from which on the effect of a request is looked for. `requestedAt`: milliseconds since the epoch. */
export function earliestEffect(requestedAt: number): number {
  return Math.floor(requestedAt / 1000) - CLOCK_SKEW_SECONDS;
}
