/** Of several refusals within this time only the first slows down: one burst made them all. */
const BURST_MS = 1_000;
const SLOWER = 0.7;
/** One refusal in a quiet moment says little: Stripe takes more than that of everybody. */
const CALLS_PER_SECOND_MIN = 5;
/**
 * By how much of the rate that was refused last the rate rises each second, far below it and near it. A quiet moment teaches too low a rate:
 * this passes it within half a minute, whatever it is. Where no rate is known the rate doubles: Stripe takes far more than the least.
 */
const RISE = 0.1;
const RISE_NEAR_LIMIT = 0.02;
const NEAR = 0.9;
/** Beyond this much of it the limit must be another one. */
const PAST = 1.25;
/** Stripe's own limit in live mode: above it there is nothing to hold back. */
const CALLS_PER_SECOND_MAX = 100;
/** A given number is kept for so much longer than a second: what is sent in a second may arrive in less. */
const ARRIVES_CLOSER = 1.1;
/** So that whoever comes next waits a quarter of a second at most while others used up the moment before. */
const WINDOWS_A_SECOND = 4;

/**
 * How many calls per second may go out: no more than a given number, and no more than Stripe's refusals teach, since each
 * refused call counts against the limit, too. All times in milliseconds of one clock.
 */
export class RateLimiter {
  /** As many as Stripe's refusals allow. */
  #callsPerSecond = Number.POSITIVE_INFINITY;
  /** What Stripe took in the second before it last refused, if anything was sent in it. */
  #limit = Number.POSITIVE_INFINITY;
  #nextAt = 0;
  #slowedAt = Number.NEGATIVE_INFINITY;
  /** When Stripe took a call, of the last second. */
  #taken: number[] = [];
  #cap = Number.POSITIVE_INFINITY;
  /** When the last calls went out, oldest first: as many as may go within `#windowMs`. */
  #sent: number[] = [];

  /** Never more than so many a second from now on. */
  cap(callsPerSecond: number): void {
    this.#cap = callsPerSecond;
  }

  /** How many go out in a second while there is always one to send. */
  get callsPerSecond(): number {
    return Math.min(this.#callsPerSecond, this.#cap);
  }

  /** How long until one more call may go out, in milliseconds. */
  waitMs(now: number): number {
    const earliest = this.#sent.at(-this.#atOnce);
    const windowEndsAt = earliest === undefined ? 0 : earliest + this.#windowMs;
    return Math.max(0, this.#nextAt - now, windowEndsAt - now);
  }

  /** A call goes out. */
  sent(now: number): void {
    this.#nextAt = Math.max(this.#nextAt, now + 1_000 / this.#callsPerSecond);
    if (this.#cap === Number.POSITIVE_INFINITY) return;
    this.#sent = [...this.#sent, now].slice(-this.#atOnce);
  }

  /** Stripe took a call: a little more may go out. */
  taken(now: number): void {
    this.#taken = [...this.#taken.filter((at) => at > now - 1_000), now];
    if (this.#callsPerSecond === Number.POSITIVE_INFINITY) return;
    if (this.#callsPerSecond > this.#limit * PAST) this.#limit = Number.POSITIVE_INFINITY;
    this.#callsPerSecond += this.#rise / this.#callsPerSecond;
    if (this.#callsPerSecond > CALLS_PER_SECOND_MAX) this.#callsPerSecond = Number.POSITIVE_INFINITY;
  }

  /** Stripe refused a call for its rate. `retryAfterMs`: as long as it asks to wait. */
  refused(now: number, retryAfterMs: number): void {
    this.#nextAt = Math.max(this.#nextAt, now + Math.max(BURST_MS, retryAfterMs));
    if (now - this.#slowedAt < BURST_MS) return;
    this.#slowedAt = now;
    const lately = this.#taken.filter((at) => at > now - 1_000).length;
    this.#limit = lately === 0 ? Number.POSITIVE_INFINITY : lately;
    this.#callsPerSecond = Math.max(CALLS_PER_SECOND_MIN, Math.min(this.#callsPerSecond, lately) * SLOWER);
  }

  get #rise(): number {
    if (this.#limit === Number.POSITIVE_INFINITY) return this.#callsPerSecond;
    return this.#limit * (this.#callsPerSecond < this.#limit * NEAR ? RISE : RISE_NEAR_LIMIT);
  }

  /** So many within a window. A share of less than one a second has a longer window. */
  get #atOnce(): number {
    return this.#cap === Number.POSITIVE_INFINITY ? 1 : Math.max(1, Math.floor(this.#cap / WINDOWS_A_SECOND));
  }

  get #windowMs(): number {
    return this.#cap === Number.POSITIVE_INFINITY ? 0 : (this.#atOnce / this.#cap) * 1_000 * ARRIVES_CLOSER;
  }
}
