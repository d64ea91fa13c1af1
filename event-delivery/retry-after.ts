/** What a `Retry-After` header asks for, in milliseconds from `now` on; 0: nothing that can be read (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
}
