import type Stripe from 'stripe';
import { StripePace } from './stripe-pace.ts';

type Answer = Awaited<ReturnType<Stripe.HttpClient['makeRequest']>>;

const TOO_MANY_REQUESTS = 429;
/** Which of Stripe's limits was reached (docs.stripe.com/rate-limits). */
const REASON = 'stripe-rate-limited-reason';
const OF_ONE_OBJECT: ReadonlySet<unknown> = new Set([
  'lock_timeout',
  'card_decline_rate_limit_exceeded',
  'payment_intent_rate_limit_exceeded',
]);

/** Who says when a call may go out, and learns what became of it. */
export type Pace = Pick<StripePace, 'turn' | 'taken' | 'refused'>;

/** Sends no more than Stripe accepts. A call that has to come back later gets the answer that Stripe would give. */
export function pacedHttpClient(client: Stripe.HttpClient, pace: Pace = new StripePace()): Stripe.HttpClient {
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      const [, , path, method] = request;
      const endpoint = endpointOf(method, path);
      const turn = await pace.turn(endpoint);
      if (turn !== 'now') return notSent(turn.comeBackInMs);
      const answer = await client.makeRequest(...request);
      if (!(await isRateLimited(answer))) pace.taken(endpoint);
      else {
        const headers = answer.getHeaders();
        pace.refused(endpoint, {
          isOfEndpoint: String(headers[REASON]).startsWith('endpoint'),
          retryAfterMs: 1_000 * (Number(headers['retry-after']) || 0),
        });
      }
      return answer;
    },
  };
}

/** An operation as Stripe counts it, whatever the ids: `POST /v1/payment_intents/{id}/capture`. */
export function endpointOf(method: string, path: string): string {
  const [before = ''] = path.split('?');
  // /v1, a resource, an id, a part of it, its id, …
  const segments = before
    .split('/')
    .map((segment, index) => (index > 2 && index % 2 === 1 && segment !== 'search' ? '{id}' : segment));
  return `${method} ${segments.join('/')}`;
}

/** Whether Stripe takes fewer calls: where one object or card has had too many, a 429 says so, too. */
async function isRateLimited(answer: Answer): Promise<boolean> {
  if (answer.getStatusCode() !== TOO_MANY_REQUESTS) return false;
  const headers = answer.getHeaders();
  if (headers['stripe-should-retry'] === 'true' || headers[REASON] === 'resource-specific') return false;
  return !OF_ONE_OBJECT.has(await codeOf(answer));
}

/** The answer's body can be read once: it is kept for the caller. */
async function codeOf(answer: Answer): Promise<unknown> {
  const body = answer.toJSON();
  answer.toJSON = () => body;
  const read: { error?: { code?: unknown } } | null = await body.catch(() => null);
  return read?.error?.code;
}

function notSent(comeBackInMs: number): Answer {
  const error = {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: "Not sent yet: Stripe's rate limit is reached.",
  };
  return {
    getStatusCode: () => TOO_MANY_REQUESTS,
    getHeaders: () => ({ 'retry-after': String(comeBackInMs / 1_000) }),
    getRawResponse: () => null,
    toStream: () => null,
    toJSON: async () => ({ error }),
  };
}
