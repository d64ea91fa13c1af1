/**
 * Milliseconds since the epoch. In a workflow the SDK replaces `Date` with the time of the workflow task, the same in
 * every replay.
 */
export function workflowNow(): number {
  // biome-ignore lint/style/noRestrictedGlobals: the SDK's deterministic clock
  return Date.now();
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

/** The wait before the nth repeat: doubles from `firstMs`, at most `maxMs`. */
export function backoffMs(repeats: number, firstMs: number, maxMs: number): number {
  return Math.min(firstMs * 2 ** repeats, maxMs);
}

/** When the next repeat is due, after `repeats` of them since a moment, with distances that double up to `maxMs`. */
export function nextRepeatAt(since: number, repeats: number, firstMs: number, maxMs: number): number {
  let at = since;
  for (let repeat = 0; repeat <= repeats; repeat++) at += backoffMs(repeat, firstMs, maxMs);
  return at;
}

/** A point in time as Temporal's search attributes take it. */
// biome-ignore lint/style/noRestrictedGlobals: a conversion, not a clock
export function dateOf(ms: number): Date {
  // biome-ignore lint/style/noRestrictedGlobals: a conversion, not a clock
  return new Date(ms);
}
