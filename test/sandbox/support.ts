import Stripe from 'stripe';
import { afterEach, expect } from 'vitest';
import { createSandbox, type Sandbox, type SandboxOptions, SEEDED_ACCOUNTS } from '../../sandbox/index.ts';

export const ACCOUNTS = SEEDED_ACCOUNTS;

/** The version whose charges settle at once, so that a test sees the end of the story in the first answer. */
export const SYNC_VERSION = '2023-10-16';

export const START = Date.UTC(2026, 2, 2, 12);

export interface Harness {
  sandbox: Sandbox;
  stripe: Stripe;
  url: string;
  client: (version?: string, key?: string) => Stripe;
  control: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>;
}

const open = new Set<Sandbox>();

afterEach(async () => {
  for (const sandbox of open) {
    // Whatever a test did, no cent may have come from nowhere.
    const { sum, total } = sandbox.ledger();
    expect({ total, currencies: Object.values(sum).every((one) => one === 0) }).toEqual({
      total: 0,
      currencies: true,
    });
    await sandbox.close();
  }
  open.clear();
});

export async function start(options: SandboxOptions = {}): Promise<Harness> {
  const sandbox = createSandbox({ seed: 1, now: START, ...options });
  open.add(sandbox);
  const { url, port } = await sandbox.listen();
  const client = (version = SYNC_VERSION, key = 'sk_test_waybill'): Stripe =>
    new Stripe(key, {
      host: '127.0.0.1',
      port,
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
      apiVersion: version as Stripe.LatestApiVersion,
    });
  return {
    sandbox,
    url,
    client,
    stripe: client(),
    control: async (method, path, body) => {
      const response = await fetch(`${url}/_sandbox/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (await response.json()) as never;
    },
  };
}

/** A card payment that needs no page to come back to. */
export const card = {
  confirm: true,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  payment_method_types: ['card'],
} as const;

export function held(sandbox: Sandbox, account: string, currency = 'usd'): number {
  const mine = sandbox
    .ledger()
    .accounts.filter((one) => String(one.account).startsWith(account) && one.currency === currency);
  return mine.reduce((sum, one) => sum + Number(one.amount), 0);
}

/** The error a promise ends with; a test that expects one fails when there is none. */
export async function errorOf(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  return promise.then(
    () => {
      throw new Error('expected Stripe to refuse');
    },
    (error: Stripe.errors.StripeError) => error,
  );
}
