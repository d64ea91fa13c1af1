/**
 * The sandbox's time: the real one plus an offset that only the control API moves. Started at a given instant it stands
 * still between advances, so that a seeded run repeats to the second.
 */
export class Clock {
  private readonly base: () => number;
  private offsetMs = 0;

  constructor(startMs?: number) {
    this.base = startMs === undefined ? Date.now : () => startMs;
  }

  nowMs(): number {
    return this.base() + this.offsetMs;
  }

  get offset(): number {
    return this.offsetMs;
  }

  restore(offsetMs: number): void {
    this.offsetMs = offsetMs;
  }

  advance(ms: number): void {
    this.offsetMs += ms;
  }
}

export const DAY_SECONDS = 86_400;

/** Funds become available at midnight UTC, this many days after the day of the payment. */
export function midnightAfter(nowSeconds: number, days: number): number {
  return Math.floor(nowSeconds / DAY_SECONDS) * DAY_SECONDS + days * DAY_SECONDS;
}
