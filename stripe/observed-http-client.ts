import type Stripe from 'stripe';

/** A call that goes out to Stripe. Nothing of its body: that may hold what nobody else should see. */
export interface StripeRequest {
  readonly method: string;
  /** Without the query, which may hold an e-mail address: `/v1/payment_intents/pi_1/capture`. */
  readonly path: string;
  readonly idempotencyKey: string | null;
  /** The connected account that it acts as. */
  readonly account: string | null;
}

type StripeCallOutcome =
  | 'ok'
  | 'declined'
  | 'refused'
  | 'unauthorized'
  | 'rate_limited'
  | 'failed'
  | 'no_answer';

/** How a call ended. */
interface StripeCallEnd {
  readonly outcome: StripeCallOutcome;
  /** Null: no answer came. */
  readonly status: number | null;
  /** Stripe's id of the request. */
  readonly requestId: string | null;
  readonly durationMs: number;
}

/** Learns that a call goes out; what it returns learns how the call ended. */
export type StripeObserver = (request: StripeRequest) => (end: StripeCallEnd) => void;

/** Shows every call to the observers, each attempt by itself. */
export function observedHttpClient(
  client: Stripe.HttpClient,
  observers: readonly StripeObserver[],
): Stripe.HttpClient {
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      const startedMs = performance.now();
      const asked = requestOf(request);
      const ends = observers.map((observe) => observe(asked));
      const ended = (end: Omit<StripeCallEnd, 'durationMs'>) => {
        const durationMs = performance.now() - startedMs;
        for (const tell of ends) tell({ ...end, durationMs });
      };
      try {
        const answer = await client.makeRequest(...request);
        const status = answer.getStatusCode();
        const requestId = answer.getHeaders()['request-id'];
        ended({
          outcome: outcomeOf(status),
          status,
          requestId: typeof requestId === 'string' ? requestId : null,
        });
        return answer;
      } catch (error) {
        ended({ outcome: 'no_answer', status: null, requestId: null });
        throw error;
      }
    },
  };
}

function requestOf([, , path, method, headers]: Parameters<Stripe.HttpClient['makeRequest']>): StripeRequest {
  const header = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    method,
    path: path.split('?')[0] ?? path,
    idempotencyKey: header('Idempotency-Key'),
    account: header('Stripe-Account'),
  };
}

function outcomeOf(status: number): StripeCallOutcome {
  if (status < 400) return 'ok';
  if (status >= 500) return 'failed';
  switch (status) {
    case 402:
      return 'declined';
    case 401:
      return 'unauthorized';
    case 429:
      return 'rate_limited';
    default:
      return 'refused';
  }
}

/** What a call is about, for metrics: `payment_intents` of `/v1/payment_intents/pi_1/capture`. No ids. */
export function resourceOf({ path }: Pick<StripeRequest, 'path'>): string {
  return path.split('/')[2] ?? 'other';
}

/** Of a histogram of calls. Stripe takes a quarter of a second to some seconds; after 25 a call counts as unanswered. */
export const DURATION_BUCKETS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25] as const;
