import { createHmac } from 'node:crypto';
import type { WebhookEndpoint } from '../objects/webhooks.ts';

/** The endpoint's secret, and for a while after a roll the one before it. */
export function secretsOf({ secret, sandbox }: WebhookEndpoint, nowSeconds: number): string[] {
  const { previousSecret, previousUntil } = sandbox;
  return previousSecret !== null && nowSeconds < previousUntil ? [secret, previousSecret] : [secret];
}

/**
 * `Stripe-Signature`: a timestamp, per secret an HMAC-SHA256 over `{t}.{raw body}`, and, as of each event in test mode, a `v0` that
 * proves nothing: whoever accepts it can be deceived (docs.stripe.com/webhooks#verify-manually).
 */
export function signatureHeader(body: string, secrets: readonly string[], atSeconds: number): string {
  const hmac = (secret: string): string =>
    createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex');
  return [`t=${atSeconds}`, ...secrets.map((secret) => `v1=${hmac(secret)}`), `v0=${hmac('v0')}`].join(',');
}
