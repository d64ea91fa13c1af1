import { RateLimiter } from './rate-limiter.ts';

/** Longer than this nothing waits for its turn: it comes back later. A quick first attempt of three seconds makes two calls. */
const WAIT_MAX_MS = 1_000;

/** What a process may send to Stripe in a second. */
export interface CallsPerSecond {
  /** All calls. */
  readonly inAll: number;
  /** Those of one endpoint. */
  readonly perEndpoint: number;
}

/** Whether a call goes out now, or not before so many milliseconds. */
export type Turn = 'now' | { readonly comeBackInMs: number };

/** Calls that wait for one endpoint of Stripe, and what it takes. */
interface Endpoint {
  readonly limiter: RateLimiter;
  readonly waiting: Waiting[];
}

interface Waiting {
  readonly since: number;
  readonly resolve: (turn: Turn) => void;
}

/**
 * Gives each call to Stripe its turn, within Stripe's limit for all calls and that for one endpoint. Endpoints take turns: a few captures
 * don't wait behind many new payments.
 */
export class StripePace {
  readonly #all = new RateLimiter();
  /** In the order in which they come next. */
  readonly #endpoints = new Map<string, Endpoint>();
  #perEndpoint = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** No more than so many from now on, for a process that shares Stripe's limits with others. */
  limitTo({ inAll, perEndpoint }: CallsPerSecond): void {
    this.#perEndpoint = perEndpoint;
    this.#all.cap(inAll);
    for (const { limiter } of this.#endpoints.values()) limiter.cap(perEndpoint);
  }

  /** Of a call to `endpoint`, such as `POST /v1/refunds`: its turn comes, or is too far away. */
  turn(endpoint: string): Promise<Turn> {
    const { limiter, waiting } = this.#endpoint(endpoint);
    const now = performance.now();
    const others = [...this.#endpoints.values()].filter((other) => other.waiting.length > 0).length;
    const ahead = Math.max(
      limiter.waitMs(now) + (1_000 * waiting.length) / limiter.callsPerSecond,
      // Of those that wait elsewhere, each endpoint has as many turns as this one.
      this.#all.waitMs(now) + (1_000 * waiting.length * Math.max(1, others)) / this.#all.callsPerSecond,
    );
    if (ahead > WAIT_MAX_MS) return Promise.resolve({ comeBackInMs: ahead });
    return new Promise((resolve) => {
      waiting.push({ since: now, resolve });
      this.#serve();
    });
  }

  /** Stripe took a call. */
  taken(endpoint: string): void {
    const now = performance.now();
    this.#all.taken(now);
    this.#endpoint(endpoint).limiter.taken(now);
  }

  /** Stripe refused a call for its rate: of all calls, or of this endpoint alone. */
  refused(endpoint: string, { isOfEndpoint, retryAfterMs }: { isOfEndpoint: boolean; retryAfterMs: number }) {
    const limiter = isOfEndpoint ? this.#endpoint(endpoint).limiter : this.#all;
    limiter.refused(performance.now(), retryAfterMs);
  }

  #endpoint(name: string): Endpoint {
    const known = this.#endpoints.get(name);
    if (known) return known;
    const endpoint: Endpoint = { limiter: new RateLimiter(), waiting: [] };
    endpoint.limiter.cap(this.#perEndpoint);
    this.#endpoints.set(name, endpoint);
    return endpoint;
  }

  /** Lets out what may go, and comes back when the next may. */
  #serve(): void {
    clearTimeout(this.#timer);
    for (;;) {
      const now = performance.now();
      this.#sendBack(WAIT_MAX_MS, ({ since }) => now - since > WAIT_MAX_MS);
      const next = [...this.#endpoints]
        .filter(([, { waiting }]) => waiting.length > 0)
        .map(([name, endpoint]) => ({ name, endpoint, waitMs: endpoint.limiter.waitMs(now) }))
        .toSorted((a, b) => a.waitMs - b.waitMs)[0];
      if (!next) return;
      const waitMs = Math.max(next.waitMs, this.#all.waitMs(now));
      if (waitMs > WAIT_MAX_MS) this.#sendBack(waitMs);
      else if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#serve(), Math.ceil(waitMs));
        return;
      } else this.#letGo(next.name, next.endpoint, now);
    }
  }

  #letGo(name: string, endpoint: Endpoint, now: number): void {
    this.#all.sent(now);
    endpoint.limiter.sent(now);
    // Last in turn.
    this.#endpoints.delete(name);
    this.#endpoints.set(name, endpoint);
    endpoint.waiting.shift()?.resolve('now');
  }

  /** It got slower meanwhile: by default for all who wait. */
  #sendBack(comeBackInMs: number, isLate: (waiting: Waiting) => boolean = () => true): void {
    for (const { waiting } of this.#endpoints.values()) {
      while (waiting[0] && isLate(waiting[0])) waiting.shift()?.resolve({ comeBackInMs });
    }
  }
}
