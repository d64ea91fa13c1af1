import { resolve } from 'node:path';
import { z } from 'zod';
import type { EventsConfig } from './config-events.ts';
import { eventsConfig } from './config-events.ts';
import type { ApiKey } from './config-secrets.ts';
import { apiKeys, ConfigError, stateSecret } from './config-secrets.ts';
import type { TemporalConfig } from './config-temporal.ts';
import { temporalConfig } from './config-temporal.ts';

export type { ApiKey, Role } from './config-secrets.ts';
export { ConfigError } from './config-secrets.ts';
export type { TemporalConfig } from './config-temporal.ts';

/** The only reader of the environment. It is read once, at boot; what is wrong there stops the process, by name. */
export type Env = Readonly<Record<string, string | undefined>>;

export interface Config {
  temporal: TemporalConfig;
  stripe: StripeConfig;
  api: {
    host: string;
    port: number;
    keys: ApiKey[];
    /** Signs what Waybill gives out and gets back through a browser, and hashes what must not be guessed from its hash. */
    stateSecret: string;
  };
  sandbox: SandboxConfig;
  worker: {
    taskQueue: string;
    healEveryMs: number;
    /** How often a reconciliation begins, and how far back it looks. */
    reconcile: { everyMs: number; lookBackMs: number };
  };
  /** Milliseconds; `onDisputeLost`: who bears a lost dispute of an order that does not say so itself. */
  orders: Record<OrderTime, number> & { onDisputeLost: 'recover' | 'bear' };
  events: EventsConfig;
  /** Where the embedded parts keep their data. */
  home: string;
  logLevel: LogLevel;
}

type OrderTime = 'retryBudgetMs' | 'openMs' | 'abandonAfterMs' | 'captureWarningMs' | 'reauthorizeBeforeMs';

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
}

export interface SandboxConfig {
  /** Neither a Stripe key nor another base was given: `npm start` brings up its own sandbox on `port`. */
  embedded: boolean;
  port: number;
  dataDir: string;
  /** Where the sandbox sends its events: to the API on the same machine, signed with its secrets. Null: it has none. */
  webhooks: { url: string; secret: string; connectSecret?: string } | null;
}

/** All of it, for the API and for `npm start`. */
export function loadConfig(env: Env = process.env): Config {
  const vars = parse(env);
  const sandbox = sandboxConfig(vars);
  return {
    ...workerConfig(vars, env),
    api: {
      host: vars.API_HOST,
      port: vars.API_PORT,
      keys: apiKeys(vars.WAYBILL_API_KEYS, sandbox.embedded),
      stateSecret: stateSecret(vars.WAYBILL_STATE_SECRET, sandbox.embedded),
    },
  };
}

/** What a worker needs: it gets no API keys, and starts without any. */
export function loadWorkerConfig(env: Env = process.env): Omit<Config, 'api'> {
  return workerConfig(parse(env), env);
}

/** What the sandbox alone needs, whatever Stripe key may be set besides. */
export function loadSandboxConfig(env: Env = process.env): SandboxConfig & Pick<Config, 'home' | 'logLevel'> {
  const vars = parse(env);
  return { ...sandboxConfig(vars), home: resolve(vars.WAYBILL_HOME), logLevel: vars.LOG_LEVEL };
}

const STRIPE = 'https://api.stripe.com';
const STRIPE_CONNECT = 'https://connect.stripe.com';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Known to everyone: these open nothing but a sandbox on the same machine. */
const SANDBOX_SECRET_KEY = 'sk_test_waybill';
const SANDBOX_CLIENT_ID = 'ca_waybill';
const port = (fallback: number) =>
  z.coerce.number({ error: 'must be a number' }).int().min(1).max(65_535).default(fallback);
const amount = (fallback: number) =>
  z.coerce.number({ error: 'must be a number' }).int().positive().default(fallback);
const list = z
  .string()
  .default('')
  .transform((value) => value.split(',').flatMap((item) => item.trim() || []));
const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);
export type LogLevel = z.infer<typeof logLevel>;

const variables = z.object({
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port(3000),
  SANDBOX_PORT: port(12_111),
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[sr]k_(test|live)_/, 'must start with sk_test_, sk_live_, rk_test_ or rk_live_')
    .optional(),
  STRIPE_API_BASE: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_/, 'must start with pk_test_ or pk_live_')
    .optional(),
  STRIPE_CLIENT_ID: z.string().regex(/^ca_/, 'must start with ca_').optional(),
  STRIPE_CONNECT_BASE: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
  STRIPE_WEBHOOK_SECRETS: list,
  WAYBILL_API_KEYS: list,
  WAYBILL_STATE_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  WAYBILL_EVENTS_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  WAYBILL_EVENTS_GIVE_UP_HOURS: amount(72),
  WAYBILL_HOME: z.string().default('.waybill'),
  WAYBILL_TASK_QUEUE: z.string().default('waybill'),
  WAYBILL_HEAL_SECONDS: amount(30),
  WAYBILL_RECONCILE_MINUTES: amount(60),
  WAYBILL_RECONCILE_DAYS: amount(30),
  WAYBILL_RETRY_BUDGET_SECONDS: amount(900),
  WAYBILL_ORDER_OPEN_DAYS: amount(180),
  WAYBILL_UNPAID_ORDER_DAYS: amount(7),
  WAYBILL_CAPTURE_WARNING_HOURS: amount(24),
  WAYBILL_REAUTHORIZE_HOURS: amount(36),
  WAYBILL_ON_DISPUTE_LOST: z.enum(['recover', 'bear']).default('bear'),
  LOG_LEVEL: logLevel.default('info'),
});
type Variables = z.infer<typeof variables>;

function parse(env: Env): Variables {
  // An empty variable is an unset one: compose files and CI pass those.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(String(issue?.path[0]), issue?.message ?? 'is not valid');
}

function workerConfig(vars: Variables, env: Env): Omit<Config, 'api'> {
  return {
    temporal: temporalConfig(vars, env),
    stripe: stripeConfig(vars),
    sandbox: sandboxConfig(vars),
    worker: {
      taskQueue: vars.WAYBILL_TASK_QUEUE,
      healEveryMs: vars.WAYBILL_HEAL_SECONDS * 1_000,
      reconcile: {
        everyMs: vars.WAYBILL_RECONCILE_MINUTES * 60_000,
        lookBackMs: vars.WAYBILL_RECONCILE_DAYS * DAY_MS,
      },
    },
    orders: {
      retryBudgetMs: vars.WAYBILL_RETRY_BUDGET_SECONDS * 1_000,
      openMs: vars.WAYBILL_ORDER_OPEN_DAYS * DAY_MS,
      abandonAfterMs: vars.WAYBILL_UNPAID_ORDER_DAYS * DAY_MS,
      captureWarningMs: vars.WAYBILL_CAPTURE_WARNING_HOURS * HOUR_MS,
      reauthorizeBeforeMs: vars.WAYBILL_REAUTHORIZE_HOURS * HOUR_MS,
      onDisputeLost: vars.WAYBILL_ON_DISPUTE_LOST,
    },
    events: eventsConfig(vars, { ...sandboxConfig(vars), ...stripeConfig(vars) }),
    home: resolve(vars.WAYBILL_HOME),
    logLevel: vars.LOG_LEVEL,
  };
}

function stripeConfig(vars: Variables): StripeConfig {
  const sandbox = sandboxConfig(vars);
  const apiBase = vars.STRIPE_API_BASE ?? (sandbox.embedded ? `http://127.0.0.1:${sandbox.port}` : STRIPE);
  const isStripe = new URL(apiBase).host === new URL(STRIPE).host;
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
  const mode = !isStripe ? 'sandbox' : live ? 'live' : 'test';
  return {
    secretKey,
    apiBase,
    mode,
    webhookSecrets: vars.STRIPE_WEBHOOK_SECRETS,
    publishableKey: vars.STRIPE_PUBLISHABLE_KEY ?? null,
    clientId: vars.STRIPE_CLIENT_ID ?? (isStripe ? null : SANDBOX_CLIENT_ID),
    connectBase: vars.STRIPE_CONNECT_BASE ?? (isStripe ? STRIPE_CONNECT : apiBase),
  };
}

function sandboxConfig(vars: Variables): SandboxConfig {
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
