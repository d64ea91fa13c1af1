import { sandboxConfig } from './sandbox.ts';
import { ConfigError, webhookSecrets } from './secrets.ts';
import type { Variables } from './variables.ts';

export interface StripeConfig {
  secretKey: string;
  apiBase: string;
  mode: 'sandbox' | 'test' | 'live';
  webhookSecrets: string[];
  /** Makes tokens of identity data: in live mode Stripe takes those from the publishable key only. */
  publishableKey: string | null;
  /** The platform's OAuth client; null: Standard accounts cannot be connected. */
  clientId: string | null;
  /** Where an account's owner consents, in the browser. */
  connectBase: string;
  /** What all workers together send to Stripe in a second; infinite: as much as it takes. */
  callsPerSecond: { inAll: number; perEndpoint: number };
}

const STRIPE = 'https://api.stripe.com';
const STRIPE_CONNECT = 'https://connect.stripe.com';
/** Known to everyone: these open nothing but a sandbox on the same machine. */
const SANDBOX_SECRET_KEY = 'sk_test_waybill';
const SANDBOX_CLIENT_ID = 'ca_waybill';

/** Four fifths of Stripe's limits (https://docs.stripe.com/rate-limits): the API's reads, and whoever else asks, need some, too. */
const CALLS_PER_SECOND: Readonly<Record<StripeConfig['mode'], StripeConfig['callsPerSecond']>> = {
  live: { inAll: 80, perEndpoint: 20 },
  test: { inAll: 20, perEndpoint: 20 },
  sandbox: { inAll: Number.POSITIVE_INFINITY, perEndpoint: Number.POSITIVE_INFINITY },
};

export function stripeConfig(vars: Variables): StripeConfig {
  const sandbox = sandboxConfig(vars);
  const apiBase = vars.STRIPE_API_BASE ?? (sandbox.embedded ? `http://127.0.0.1:${sandbox.port}` : STRIPE);
  const isStripe = new URL(apiBase).origin === STRIPE;
  if (!isStripe && new URL(apiBase).hostname === new URL(STRIPE).hostname) {
    throw new ConfigError('STRIPE_API_BASE', `leads to Stripe, and Stripe is reached at ${STRIPE} only`);
  }
  const secretKey = vars.STRIPE_SECRET_KEY ?? (isStripe ? undefined : SANDBOX_SECRET_KEY);
  if (secretKey === undefined) {
    throw new ConfigError('STRIPE_SECRET_KEY', `is required, since STRIPE_API_BASE is ${apiBase}`);
  }
  const live = /^[sr]k_live_/.test(secretKey);
  if (live && !isStripe) {
    throw new ConfigError(
      'STRIPE_SECRET_KEY',
      `is a live key, and STRIPE_API_BASE (${apiBase}) is not Stripe`,
    );
  }
  const connectBase = vars.STRIPE_CONNECT_BASE ?? (isStripe ? STRIPE_CONNECT : apiBase);
  if (isStripe && new URL(connectBase).origin !== STRIPE_CONNECT) {
    throw new ConfigError(
      'STRIPE_CONNECT_BASE',
      `must be ${STRIPE_CONNECT}, since the accounts of ${STRIPE} consent there`,
    );
  }
  const mode = !isStripe ? 'sandbox' : live ? 'live' : 'test';
  return {
    secretKey,
    apiBase,
    mode,
    webhookSecrets: webhookSecrets(vars.STRIPE_WEBHOOK_SECRETS, sandbox.embedded),
    publishableKey: vars.STRIPE_PUBLISHABLE_KEY ?? null,
    clientId: vars.STRIPE_CLIENT_ID ?? (isStripe ? null : SANDBOX_CLIENT_ID),
    connectBase,
    callsPerSecond: {
      inAll: vars.WAYBILL_STRIPE_CALLS_PER_SECOND ?? CALLS_PER_SECOND[mode].inAll,
      perEndpoint: vars.WAYBILL_STRIPE_CALLS_PER_ENDPOINT ?? CALLS_PER_SECOND[mode].perEndpoint,
    },
  };
}
