import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';

const WINDOW_MS = 60_000;

/** So many requests a minute for each key, in this process. */
export class RequestBudget {
  readonly #perMinute: number;
  readonly #what: string;
  #startedAt = 0;
  #spent = new Map<string, number>();

  /** `what`: requests of which kind there were too many. */
  constructor(perMinute: number, what: string) {
    this.#perMinute = perMinute;
    this.#what = what;
  }

  /** Throws once nothing is left of this minute. */
  spend(key: string, now = Date.now()): void {
    if (now - this.#startedAt >= WINDOW_MS) {
      this.#startedAt = now;
      this.#spent = new Map();
    }
    const spent = (this.#spent.get(key) ?? 0) + 1;
    if (spent > this.#perMinute) {
      const retryAfter = String(Math.ceil((this.#startedAt + WINDOW_MS - now) / 1_000));
      throw new ProblemError(
        problem('too_many_requests', `Too many ${this.#what}; try again in ${retryAfter} s.`),
        { 'Retry-After': retryAfter },
      );
    }
    this.#spent.set(key, spent);
  }
}
