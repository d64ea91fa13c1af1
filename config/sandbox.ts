import { resolve } from 'node:path';
import { CONNECT_EVENT_TYPES, ORDER_EVENT_TYPES } from '../domain/stripe-events/stripe-events.ts';
import type { Variables } from './variables.ts';

export interface SandboxConfig {
  /** Neither a Stripe key nor another base was given: `npm start` brings up its own sandbox on `port`. */
  embedded: boolean;
  host: string;
  port: number;
  /** Where people's browsers reach its pages; null: where it listens. */
  publicUrl: string | null;
  dataDir: string;
  /** Where the sandbox sends its events, signed with the API's secrets; by default to the API on the same machine. Null: it has no secrets. */
  webhooks: {
    url: string;
    secret: string;
    connectSecret?: string;
    /** Types of events for each endpoint: those that docs/guides/going-live.md has people choose at Stripe. */
    events: readonly string[];
    connectEvents: readonly string[];
  } | null;
}

export function sandboxConfig(vars: Variables): SandboxConfig {
  const embedded = vars.STRIPE_SECRET_KEY === undefined && vars.STRIPE_API_BASE === undefined;
  return {
    embedded,
    host: vars.SANDBOX_HOST,
    port: vars.SANDBOX_PORT,
    publicUrl: vars.SANDBOX_PUBLIC_URL ?? null,
    dataDir: resolve(vars.WAYBILL_HOME, 'sandbox'),
    webhooks: sandboxWebhooks(vars),
  };
}

/** The first secret is the platform's endpoint's, the second that of Connect. */
function sandboxWebhooks({
  STRIPE_WEBHOOK_SECRETS: secrets,
  SANDBOX_WEBHOOK_URL,
  API_PORT,
}: Variables): SandboxConfig['webhooks'] {
  const [secret, connectSecret] = secrets;
  if (secret === undefined) return null;
  const url = SANDBOX_WEBHOOK_URL ?? `http://127.0.0.1:${API_PORT}/webhooks/stripe`;
  const types = { events: ORDER_EVENT_TYPES, connectEvents: CONNECT_EVENT_TYPES };
  return { url, secret, ...(connectSecret === undefined ? {} : { connectSecret }), ...types };
}
