import Stripe from 'stripe';

export interface StripeClientOptions {
  readonly secretKey: string;
  /** `https://api.stripe.com`, or the sandbox. Nothing else tells them apart. */
  readonly apiBase: string;
  /** Milliseconds until a call counts as unanswered. */
  readonly timeoutMs?: number;
}

/** Longer than Stripe takes for a slow issuer, shorter than any activity's `startToCloseTimeout` that uses it. */
export const STRIPE_TIMEOUT_MS = 25_000;

/**
 * The official client. Its own retries are off: Temporal's retry policy is the only one, so that every attempt is
 * seen and the idempotency key is always ours.
 */
export function createStripeClient({
  secretKey,
  apiBase,
  timeoutMs = STRIPE_TIMEOUT_MS,
}: StripeClientOptions): Stripe {
  const { protocol, hostname, port } = new URL(apiBase);
  const scheme = protocol === 'http:' ? 'http' : 'https';
  return new Stripe(secretKey, {
    protocol: scheme,
    host: hostname,
    port: port === '' ? (scheme === 'http' ? 80 : 443) : port,
    timeout: timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
    appInfo: { name: 'Waybill' },
  });
}
