import Stripe from 'stripe';
import { wellFormed } from '../domain/texts/texts.ts';
import { expectedAnswer } from './expected-answer.ts';
import type { StripeObserver } from './observed-http-client.ts';
import { observedHttpClient } from './observed-http-client.ts';
import type { Pace } from './paced-http-client.ts';
import { pacedHttpClient } from './paced-http-client.ts';

export interface StripeClientOptions {
  readonly secretKey: string;
  /** `https://api.stripe.com`, or the sandbox. Nothing else distinguishes them. */
  readonly apiBase: string;
  /** Milliseconds until a call counts as unanswered. */
  readonly timeoutMs?: number;
  /** What carries the requests; by default Node's own client. */
  readonly httpClient?: Stripe.HttpClient;
  /** When each call may go out; by default as fast as Stripe takes them. */
  readonly pace?: Pace;
  /** Who learns of every call. */
  readonly observers?: readonly StripeObserver[];
}

/** Longer than Stripe takes for a slow issuer, shorter than any activity's `startToCloseTimeout` that uses it. */
const STRIPE_TIMEOUT_MS = 25_000;

/**
 * The official client. Its own retries are off: Temporal's retry policy is the only one, so that every attempt is
 * seen and the idempotency key is always ours.
 */
export function createStripeClient({
  secretKey,
  apiBase,
  timeoutMs = STRIPE_TIMEOUT_MS,
  httpClient = Stripe.createNodeHttpClient(),
  pace,
  observers = [],
}: StripeClientOptions): Stripe {
  const { protocol, hostname, port } = new URL(apiBase);
  const scheme = protocol === 'http:' ? 'http' : 'https';
  return new Stripe(secretKey, {
    protocol: scheme,
    host: hostname,
    port: port === '' ? (scheme === 'http' ? 80 : 443) : port,
    timeout: timeoutMs,
    maxNetworkRetries: 0,
    httpClient: pacedHttpClient(observedHttpClient(readableAnswers(httpClient), observers), pace),
    telemetry: false,
    appInfo: { name: 'Waybill' },
  });
}

/**
 * Texts at Stripe come from many hands. Half an emoji in one of them must not stop what only reads it. An answer that is
 * not Stripe's is none.
 */
function readableAnswers(client: Stripe.HttpClient): Stripe.HttpClient {
  const makeRequest = client.makeRequest.bind(client);
  client.makeRequest = async (...request) => {
    const response = await makeRequest(...request);
    const toJSON = response.toJSON.bind(response);
    const [, , path] = request;
    response.toJSON = async () =>
      wellFormed(expectedAnswer(path, response.getStatusCode(), await toJSON()) as object);
    return response;
  };
  return client;
}
