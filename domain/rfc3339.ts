/** Milliseconds since the epoch of a time in RFC 3339. */
export function msOf(time: string): number {
  // biome-ignore lint/style/noRestrictedGlobals: a conversion, not a clock
  return Date.parse(time);
}

/** Milliseconds since the epoch as RFC 3339 in UTC. */
export function rfc3339(ms: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: a conversion, not a clock
  return new Date(ms).toISOString();
}

/** The day of a time in milliseconds since the epoch, in UTC, as `2026-01-05`. */
export function utcDay(ms: number): string {
  return rfc3339(ms).slice(0, '2026-01-05'.length);
}
