/** Longer than this nothing waits for its turn: it comes back later. Shorter than a first quick attempt may take. */
const WAIT_MAX_MS = 1_500;
/** Of several refusals within this time only the first slows down: one burst made them all. */
const BURST_MS = 1_000;
const SLOWER = 0.7;
/** One refusal in a quiet moment says little: Stripe takes more than that of everybody. */
const CALLS_PER_SECOND_MIN = 5;
/** By how many calls a second the rate rises each second, far below the rate that was refused last and near it. */
const RISE = 1;
const RISE_NEAR_LIMIT = 0.1;
const NEAR = 0.9;
/** Beyond this much of it the limit must have been raised. */
const PAST = 1.5;
/** Stripe's own limit in live mode: above it there is nothing to hold back. */
const CALLS_PER_SECOND_MAX = 100;

/** Whether a call may go out: after a wait, or not now. In milliseconds. */
export type Turn = { readonly waitMs: number } | { readonly comeBackInMs: number };

/**
 * Learns from Stripe's refusals how many calls per second it accepts, and sends no more: each refused call would count against
 * the limit, too. Without a refusal it holds nothing back. All times in milliseconds of one clock.
 */
export class RateLimiter {
  #callsPerSecond = Number.POSITIVE_INFINITY;
  /** What Stripe took in the second before it last refused. */
  #limit = Number.POSITIVE_INFINITY;
  #nextAt = 0;
  #slowedAt = Number.NEGATIVE_INFINITY;
  /** When Stripe took a call, of the last second. */
  #taken: number[] = [];

  /** Takes the next free moment, unless that is too far away. */
  turn(now: number): Turn {
    const waitMs = Math.max(0, this.#nextAt - now);
    if (waitMs > WAIT_MAX_MS) return { comeBackInMs: waitMs };
    this.#nextAt = now + waitMs + 1_000 / this.#callsPerSecond;
    return { waitMs };
  }

  /** Stripe took a call: a little more may go out. */
  taken(now: number): void {
    this.#taken = [...this.#taken.filter((at) => at > now - 1_000), now];
    if (this.#callsPerSecond === Number.POSITIVE_INFINITY) return;
    if (this.#callsPerSecond > this.#limit * PAST) this.#limit = Number.POSITIVE_INFINITY;
    const rise = this.#callsPerSecond < this.#limit * NEAR ? RISE : RISE_NEAR_LIMIT;
    this.#callsPerSecond += rise / this.#callsPerSecond;
    if (this.#callsPerSecond > CALLS_PER_SECOND_MAX) this.#callsPerSecond = Number.POSITIVE_INFINITY;
  }

  /** Stripe refused a call for its rate. `retryAfterMs`: as long as it asks to wait. */
  refused(now: number, retryAfterMs: number): void {
    this.#nextAt = Math.max(this.#nextAt, now + Math.max(BURST_MS, retryAfterMs));
    if (now - this.#slowedAt < BURST_MS) return;
    this.#slowedAt = now;
    const lately = this.#taken.filter((at) => at > now - 1_000).length;
    this.#limit = lately;
    this.#callsPerSecond = Math.max(CALLS_PER_SECOND_MIN, Math.min(this.#callsPerSecond, lately) * SLOWER);
  }
}
