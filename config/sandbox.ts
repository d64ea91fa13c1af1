import { resolve } from 'node:path';
import type { Variables } from './variables.ts';

export interface SandboxConfig {
  /** Neither a Stripe key nor another base was given: `npm start` brings up its own sandbox on `port`. */
  embedded: boolean;
  port: number;
  dataDir: string;
  /** Where the sandbox sends its events: to the API on the same machine, signed with its secrets. Null: it has none. */
  webhooks: { url: string; secret: string; connectSecret?: string } | null;
}

export function sandboxConfig(vars: Variables): SandboxConfig {
  const embedded = vars.STRIPE_SECRET_KEY === undefined && vars.STRIPE_API_BASE === undefined;
  return {
    embedded,
    port: vars.SANDBOX_PORT,
    dataDir: resolve(vars.WAYBILL_HOME, 'sandbox'),
    webhooks: sandboxWebhooks(vars),
  };
}

/** The first secret is the platform's endpoint's, the second that of Connect. */
function sandboxWebhooks({
  STRIPE_WEBHOOK_SECRETS: secrets,
  API_PORT,
}: Variables): SandboxConfig['webhooks'] {
  const [secret, connectSecret] = secrets;
  if (secret === undefined) return null;
  const url = `http://127.0.0.1:${API_PORT}/webhooks/stripe`;
  return { url, secret, ...(connectSecret === undefined ? {} : { connectSecret }) };
}
