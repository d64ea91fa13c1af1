import type Stripe from 'stripe';
import { DEFAULT_PLATFORM_KEY, type Platform } from '../../sandbox/platform.ts';
import { createStripeClient } from '../../stripe/client.ts';
import type { Pace } from '../../stripe/paced-http-client.ts';
import type { Chance } from './chance.ts';
import type { VirtualClock } from './clock.ts';
import type { Process, Processes } from './process.ts';

const LATENCY_MAX_MS = 300;
/** Some requests arrive when their sender has long given up. */
const LATE_MAX_MS = 40_000;
/** A request that is slow, but not given up, may arrive after what Stripe does by itself within that time. */
const SLOW_MAX_MS = 5_000;

type Answer = Awaited<ReturnType<Stripe.HttpClient['makeRequest']>>;
type Request = Parameters<Stripe.HttpClient['makeRequest']>;
type StripeAnswer = Awaited<ReturnType<Platform['engine']['handle']>>;

/** When Stripe cannot be reached by anybody, in milliseconds since the epoch. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

interface Parts {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly processes: Processes;
  readonly platform: Platform;
  readonly outages: readonly Outage[];
  /** Called right before Stripe takes a request: somebody may be faster. */
  readonly onArrival: (process: Process, place: string) => Promise<void>;
  /** Called after Stripe has taken a request, and when its answer has arrived: somebody may crash there. */
  readonly onStep: (process: Process, place: string) => void;
}

/** Calls that wait for each other would have the next process carry on the one before: each process here waits by itself. */
const AT_ONCE: Pace = { turn: async () => 'now', taken: () => {}, refused: () => {} };

/** Carries requests of the real client to the sandbox in this process, and loses, delays and replaces what it carries. */
export class Network {
  readonly stripe: Stripe;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.stripe = createStripeClient({
      secretKey: DEFAULT_PLATFORM_KEY,
      apiBase: 'http://stripe.invalid',
      pace: AT_ONCE,
      httpClient: {
        getClientName: () => 'simulation',
        makeRequest: (...request) => this.#send(request),
      },
    });
    // The client describes itself anew for each request, and nobody reads it here.
    Object.assign(this.stripe, { getClientUserAgent: (use: (text: string) => void) => use('{}') });
  }

  #send(request: Request): Promise<Answer> {
    const { clock, chance, processes, onArrival, onStep } = this.#parts;
    const timeoutMs = request[7];
    return processes.wait<Answer>((resolve, reject, process) => {
      process.requests += 1;
      const place = `${process.place} request ${process.requests}`;
      const giveUp = clock.after(timeoutMs, () => reject(timedOut()));
      const isLate = chance.happens('answer_late', place);
      const there = Math.max(
        chance.between(`there ${place}`, 1, isLate ? LATE_MAX_MS : LATENCY_MAX_MS),
        chance.happens('settles_meanwhile', place) ? this.#untilNextJobMs() : 0,
      );
      const back = chance.between(`back ${place}`, 1, LATENCY_MAX_MS);
      clock.after(there, async () => {
        const lost = () => {
          giveUp();
          clock.after(back, () => reject(reset()));
        };
        if (this.#isDown() || chance.happens('request_lost', place)) return lost();
        await onArrival(process, place);
        const answer = await this.#ask(request, place);
        onStep(process, `${place} taken`);
        if (answer === undefined || this.#isLost(request, process, place)) return lost();
        clock.after(back, () => {
          giveUp();
          onStep(process, `${place} answered`);
          resolve(answerOf(answer));
        });
      });
    });
  }

  /** How long until Stripe has done what it does next by itself: a settlement, say. 0: not soon. */
  #untilNextJobMs(): number {
    const { clock, platform } = this.#parts;
    const ms = (platform.scheduler.nextDueMs ?? clock.now) - clock.now + 1;
    return ms <= SLOW_MAX_MS ? ms : 0;
  }

  /** One answer, or all that an activity gets for what it changes: then only a look shows the effect. */
  #isLost(request: Request, process: Process, place: string): boolean {
    const { chance } = this.#parts;
    const activity = process.place.replace(/ attempt \d+$| local$/, '');
    if (request[3] === 'POST' && process.worker && chance.happens('answers_lost', activity)) return true;
    return chance.happens('answer_lost', place);
  }

  #isDown(): boolean {
    const { clock, outages } = this.#parts;
    return outages.some(({ from, until }) => clock.now >= from && clock.now < until);
  }

  #ask([, , path, method, headers, body]: Request, place: string): Promise<StripeAnswer> {
    const { platform, chance } = this.#parts;
    const { faults } = platform.world;
    if (method === 'POST') {
      if (chance.happens('failed_after_effect', place)) {
        faults.add({}, { error: 'server_error', when: 'after' });
      } else if (chance.happens('failed_before_effect', place)) faults.add({}, { error: 'server_error' });
      else if (chance.happens('key_in_use', place)) faults.add({}, { status: 409, error: IN_USE });
    }
    if (chance.happens('rate_limited', place)) faults.add({}, { error: 'rate_limit' });
    const [route = '', query = ''] = path.split('?', 2);
    const given = new Map(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const answer = platform.engine.handle({
      method,
      path: route,
      query,
      body: body ?? '',
      header: (name) => given.get(name),
    });
    faults.clear();
    return answer;
  }
}

const IN_USE = {
  code: 'idempotency_key_in_use',
  type: 'idempotency_error',
  message: 'There is currently another in-progress request using this Idempotent Key.',
} as const;

function answerOf({ status, headers, body }: NonNullable<StripeAnswer>): Answer {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    getStatusCode: () => status,
    getHeaders: () => lower,
    getRawResponse: () => ({}),
    toStream: () => null,
    toJSON: async () => JSON.parse(body),
  };
}

/** Not by ECONNRESET: that the client itself repeats once, after a wait in real time. */
function reset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNABORTED' });
}

function timedOut(): Error {
  return Object.assign(new TypeError('ETIMEDOUT'), { code: 'ETIMEDOUT' });
}
