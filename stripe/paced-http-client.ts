import type Stripe from 'stripe';
import { StripePace } from './stripe-pace.ts';

type Answer = Awaited<ReturnType<Stripe.HttpClient['makeRequest']>>;

const TOO_MANY_REQUESTS = 429;

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
      if (!isRateLimited(answer)) pace.taken(endpoint);
      else {
        const headers = answer.getHeaders();
        pace.refused(endpoint, {
          isOfEndpoint: String(headers['stripe-rate-limited-reason']).startsWith('endpoint'),
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

/** A lock timeout is a 429, too, but of one object: Stripe then says to retry. */
function isRateLimited(answer: Answer): boolean {
  return (
    answer.getStatusCode() === TOO_MANY_REQUESTS && answer.getHeaders()['stripe-should-retry'] !== 'true'
  );
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
