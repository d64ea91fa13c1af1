import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';

export interface Answer {
  readonly status: number;
  /** As the answer asks. */
  readonly retryAfterMs: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes
  readonly body: any;
}

/** One thing that somebody waits for: a command's final answer, or an order that shows what happened at Stripe. */
export interface Step {
  readonly what: string;
  /** Before that nothing is to come. Times by the monotonic clock, in milliseconds. */
  readonly dueAt: number;
  /** When it came; null: it has not, or never did. */
  endedAt: number | null;
}

/** Where no answer says when. */
const AGAIN_AFTER_MS = 250;
const ANSWER_WITHIN_MS = 30_000;
/** Nothing may take longer, faults and what follows them included. */
const STEP_WITHIN_MS = 180_000;

/** A caller as it should be: the same request under the same key until there is a final answer, as often as the answers ask for it. */
export class Caller {
  readonly #url: string;
  readonly #key: string;
  readonly #open = new Set<Step>();
  requests = 0;

  constructor(at: { readonly url: string; readonly apiKey: string }) {
    this.#url = at.url;
    this.#key = at.apiKey;
  }

  /** What is waited for at this moment. */
  get open(): readonly Step[] {
    return [...this.#open];
  }

  get(path: string): Promise<Answer> {
    return this.until(`GET ${path}`, () => this.#finalAnswer('GET', path));
  }

  post(path: string, key: string, body: object = {}): Promise<Answer> {
    return this.until(`POST ${path}`, () => this.#finalAnswer('POST', path, key, body));
  }

  /** Begins what goes on without its caller: a 202 is the final answer. */
  begin(path: string, key: string): Promise<Answer> {
    return this.until(`POST ${path}`, async () => {
      const answer = await this.#send('POST', path, key, {});
      return answer.status === 202 ? answer : null;
    });
  }

  /** Reads until it shows what it should. */
  getUntil(
    path: string,
    what: string,
    shows: (body: Answer['body']) => boolean,
    dueAt?: number,
  ): Promise<Answer> {
    const attempt = async () => {
      const answer = await this.#finalAnswer('GET', path);
      return shows(answer.body) ? answer : null;
    };
    return this.until(`${path} shows ${what}`, attempt, dueAt);
  }

  /** Repeats an attempt until it gives something; one that throws has given nothing. */
  async until<T>(what: string, attempt: () => Promise<T | null>, dueAt = 0): Promise<T> {
    const step: Step = { what, dueAt, endedAt: null };
    this.#open.add(step);
    try {
      const deadline = performance.now() + STEP_WITHIN_MS;
      let last = 'Nothing was said';
      while (performance.now() < deadline) {
        let againAfterMs = AGAIN_AFTER_MS;
        const found = await attempt().catch((error: unknown) => {
          if (!isPassing(error)) throw error;
          last = String(error);
          if (error instanceof Unfinished) againAfterMs = error.retryAfterMs ?? AGAIN_AFTER_MS;
          return null;
        });
        if (found !== null) {
          step.endedAt = performance.now();
          return found;
        }
        await sleep(againAfterMs);
      }
      throw new Error(`Waited ${STEP_WITHIN_MS / 1_000} s in vain: ${what}. ${last}`);
    } finally {
      this.#open.delete(step);
    }
  }

  /** Throws where the same request has to be sent again. */
  async #finalAnswer(method: string, path: string, key?: string, body?: object): Promise<Answer> {
    const answer = await this.#send(method, path, key, body);
    if (isFinal(answer)) return answer;
    throw new Unfinished(answer);
  }

  async #send(method: string, path: string, key?: string, body?: object): Promise<Answer> {
    this.requests += 1;
    const response = await fetch(`${this.#url}${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(key === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const retryAfter = response.headers.get('retry-after');
    return {
      status: response.status,
      retryAfterMs: retryAfter === null ? null : 1_000 * Number(retryAfter),
      body: await response.json(),
    };
  }
}

/** In flight, unfinished or unavailable: to be sent again. */
function isFinal({ status, body }: Answer): boolean {
  const again = status === 202 || status === 429 || status >= 500 || body?.code === 'idempotency_key_in_use';
  return !again;
}

/** An answer after which the same request has to be sent again. */
class Unfinished extends Error {
  override readonly name = 'Unfinished';
  readonly retryAfterMs: number | null;

  constructor({ status, retryAfterMs, body }: Answer) {
    super(`${status} ${JSON.stringify(body)}`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A connection that ends, an answer that is cut off or comes from a proxy, and whatever Stripe says meanwhile. */
function isPassing(error: unknown): boolean {
  if (error instanceof Unfinished || error instanceof Stripe.errors.StripeError) return true;
  return (
    error instanceof Error && ['TypeError', 'TimeoutError', 'AbortError', 'SyntaxError'].includes(error.name)
  );
}
