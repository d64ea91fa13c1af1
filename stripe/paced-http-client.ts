import { setTimeout as sleep } from 'node:timers/promises';
import type Stripe from 'stripe';
import { RateLimiter } from './rate-limiter.ts';

type Answer = Awaited<ReturnType<Stripe.HttpClient['makeRequest']>>;

const TOO_MANY_REQUESTS = 429;

/** Sends no more than Stripe accepts. A call that has to come back later gets the answer that Stripe would give. */
export function pacedHttpClient(client: Stripe.HttpClient, limiter = new RateLimiter()): Stripe.HttpClient {
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      const turn = limiter.turn(performance.now());
      if ('comeBackInMs' in turn) return notSent(turn.comeBackInMs);
      if (turn.waitMs > 0) await sleep(turn.waitMs);
      const answer = await client.makeRequest(...request);
      if (!isRateLimited(answer)) limiter.taken(performance.now());
      else limiter.refused(performance.now(), 1_000 * (Number(answer.getHeaders()['retry-after']) || 0));
      return answer;
    },
  };
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
