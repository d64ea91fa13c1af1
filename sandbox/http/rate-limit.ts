const SECOND_MS = 1000;

/** How many requests were taken within the last second; refused ones do not count. */
export class RateLimit {
  private taken: number[] = [];

  /** Whether one more is taken. `nowMs`: real time, which no control moves. */
  take(perSecond: number | null, nowMs: number): boolean {
    if (perSecond === null) return true;
    this.taken = this.taken.filter((at) => at > nowMs - SECOND_MS);
    if (this.taken.length >= perSecond) return false;
    this.taken.push(nowMs);
    return true;
  }
}
