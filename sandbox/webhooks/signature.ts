import { createHmac } from 'node:crypto';
import type { WebhookEndpoint } from '../objects/webhooks.ts';

/** The endpoint's secret, and for a while after a roll the one before it. */
export function secretsOf({ secret, sandbox }: WebhookEndpoint, nowSeconds: number): string[] {
  const { previousSecret, previousUntil } = sandbox;
  return previousSecret !== null && nowSeconds < previousUntil ? [secret, previousSecret] : [secret];
}

/** `Stripe-Signature`: a timestamp, and per secret an HMAC-SHA256 over `{t}.{raw body}`. */
export function signatureHeader(body: string, secrets: readonly string[], atSeconds: number): string {
  const signatures = secrets.map((secret) => {
    const hash = createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex');
    return `v1=${hash}`;
  });
  return [`t=${atSeconds}`, ...signatures].join(',');
}
