import { resolve } from 'node:path';
import type { ConsoleLinks } from './config/console.ts';
import { consoleLinks } from './config/console.ts';
import type { EventsConfig } from './config/events.ts';
import { eventsConfig } from './config/events.ts';
import { readKeyFile, type StoredKey } from './config/key-file.ts';
import type { RateLimits } from './config/limits.ts';
import { rateLimits, trustedProxies } from './config/limits.ts';
import { type ProxyIdentity, proxyIdentity } from './config/proxy-identity.ts';
import type { SandboxConfig } from './config/sandbox.ts';
import { sandboxConfig } from './config/sandbox.ts';
import { readSecretFiles } from './config/secret-files.ts';
import type { ApiKey } from './config/secrets.ts';
import { apiKeys, ConfigError, stateSecret } from './config/secrets.ts';
import type { StripeConfig } from './config/stripe.ts';
import { stripeConfig } from './config/stripe.ts';
import type { TemporalConfig } from './config/temporal.ts';
import { deploymentVersion, temporalConfig } from './config/temporal.ts';
import type { Env, LogLevel, Variables } from './config/variables.ts';
import { readVariables } from './config/variables.ts';
import type { ApprovalPolicy } from './domain/commands/approval.ts';
import type { DayLimits } from './domain/limits/day-limits.ts';
import { dayLimits } from './domain/limits/day-limits.ts';
import type { LostDisputePolicy } from './domain/orders/recovery-state.ts';

export type { ConsoleLinks } from './config/console.ts';
export type { StoredKey } from './config/key-file.ts';
export type { RateLimits } from './config/limits.ts';
export type { ProxyIdentity } from './config/proxy-identity.ts';
export type { SandboxConfig } from './config/sandbox.ts';
export type { ApiKey } from './config/secrets.ts';

export type { Env } from './config/variables.ts';

/** All that the environment says. This is its only reader: once, at boot; what is wrong stops the process, by name. */
export interface Config {
  temporal: TemporalConfig;
  stripe: StripeConfig;
  api: {
    host: string;
    port: number;
    keys: ApiKey[];
    /** Further keys; null: none. */
    keyFile: KeyFile | null;
    /** The folder of the audit log; null: none is written. */
    auditDir: string | null;
    /** Persons whom a proxy signs in; null: none does. */
    proxyIdentity: ProxyIdentity | null;
    /** Signs what Waybill gives out and gets back through a browser, and hashes what must not be guessed from its hash. */
    stateSecret: string;
    limits: RateLimits;
    /** Connections that one process holds at a time. */
    connectionsMax: number;
    /** Whose `X-Forwarded-For` is believed. */
    trustedProxies: string[];
    links: ConsoleLinks;
    metadataKeys: readonly string[];
  };
  sandbox: SandboxConfig;
  worker: {
    taskQueue: string;
    /** The worker deployment, and which version of it this worker is; null: Temporal routes by no version. */
    deploymentName: string | null;
    version: { deploymentName: string; buildId: string } | null;
    syncEveryMs: number;
    /** Whether Stripe is asked for what an earlier request created, before anything is created. */
    lookBeforeCreate: boolean;
    /** What each connected account may move out in a day. */
    accountLimits: DayLimits;
    /** Whether Temporal UI's Call Stack shows where a workflow waits. */
    callStacks: boolean;
    /** The runbook as a page, to which Temporal's UI links: an entry is `#` and its code. */
    runbookUrl: string | null;
    /** Where Prometheus finds its metrics, `host:port`; null: nowhere. Each worker process needs one of its own. */
    metricsAddress: string | null;
    /** Where the worker says whether it works, `host:port`; null: nowhere. */
    healthAddress: string | null;
    /** How often a reconciliation begins, and how far back it looks. */
    reconcile: { everyMs: number; lookBackMs: number };
  };
  /** Milliseconds; `onDisputeLost`: who bears a lost dispute of an order that does not say so itself. */
  orders: Record<OrderTime, number> & {
    onDisputeLost: LostDisputePolicy;
    approval?: ApprovalPolicy;
    metadataKey: string;
  };
  events: EventsConfig;
  /** Where the embedded parts keep their data. */
  home: string;
  logLevel: LogLevel;
  /** Where traces go; null: nothing is traced. OpenTelemetry's library reads it itself, with its other variables. */
  tracesUrl: string | null;
}

/** Keys whose secrets are hashed, in a file that may change at any time. */
export interface KeyFile {
  readonly path: string;
  /** Reads it now; throws what is wrong with it. */
  read(): readonly StoredKey[];
}

type OrderTime =
  | 'retryBudgetMs'
  | 'openMs'
  | 'abandonAfterMs'
  | 'captureWarningMs'
  | 'reauthorizeBeforeMs'
  | 'reauthorizeForMs';

/** All of it, for the API and for `npm start`. */
export function loadConfig(given: Env = process.env): Config {
  const env = readSecretFiles(given);
  const vars = readVariables(env);
  const sandbox = sandboxConfig(vars);
  const worker = workerConfig(vars, env);
  return {
    ...worker,
    api: {
      host: vars.API_HOST,
      port: vars.API_PORT,
      keys: apiKeys(vars.WAYBILL_API_KEYS, vars.WAYBILL_API_KEYS_FILE ?? null, sandbox.embedded),
      keyFile: keyFile(vars.WAYBILL_API_KEYS_FILE),
      proxyIdentity: proxyIdentity(vars),
      auditDir: vars.WAYBILL_AUDIT_DIR ?? null,
      stateSecret: stateSecret(vars.WAYBILL_STATE_SECRET, sandbox.embedded),
      limits: rateLimits(vars),
      connectionsMax: vars.WAYBILL_CONNECTIONS_MAX,
      trustedProxies: trustedProxies(vars.WAYBILL_TRUSTED_PROXIES),
      links: consoleLinks(vars, worker),
      metadataKeys: worker.temporal.metadataKeys,
    },
  };
}

/** What a worker needs: it gets no API keys, and starts without any. */
export function loadWorkerConfig(given: Env = process.env): Omit<Config, 'api'> {
  const env = readSecretFiles(given);
  return workerConfig(readVariables(env), env);
}

/** What the sandbox alone needs, whatever Stripe key may be set besides. */
export function loadSandboxConfig(
  given: Env = process.env,
): SandboxConfig & Pick<Config, 'home' | 'logLevel'> {
  const vars = readVariables(readSecretFiles(given));
  return { ...sandboxConfig(vars), home: resolve(vars.WAYBILL_HOME), logLevel: vars.LOG_LEVEL };
}

/** What the job needs that prepares the namespace. */
export function loadNamespaceConfig(
  given: Env = process.env,
): Pick<Config, 'temporal' | 'logLevel'> & { retentionDays: number } {
  const env = readSecretFiles(given);
  const vars = readVariables(env);
  return {
    temporal: temporalConfig(vars, env),
    retentionDays: vars.WAYBILL_RETENTION_DAYS,
    logLevel: vars.LOG_LEVEL,
  };
}

/** What is wrong with the environment ends the process with one line that names the variable: a stack says nothing more. */
export function orExit<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Absent: one person is enough. */
function approval({ WAYBILL_APPROVAL_ABOVE: above, WAYBILL_APPROVAL_HOURS: hours }: Variables) {
  return Object.keys(above).length === 0 ? {} : { approval: { above, withinMs: hours * HOUR_MS } };
}

/** Reads it once, so that what is wrong with it stops the process. */
function keyFile(path: string | undefined): KeyFile | null {
  if (path === undefined) return null;
  const read = () => readKeyFile(path);
  read();
  return { path, read };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function workerConfig(vars: Variables, env: Env): Omit<Config, 'api'> {
  const temporal = temporalConfig(vars, env);
  return {
    temporal,
    stripe: stripeConfig(vars),
    sandbox: sandboxConfig(vars),
    worker: {
      taskQueue: vars.WAYBILL_TASK_QUEUE,
      deploymentName: vars.TEMPORAL_DEPLOYMENT_NAME ?? null,
      version: deploymentVersion(vars),
      syncEveryMs: vars.WAYBILL_SYNC_SECONDS * 1_000,
      lookBeforeCreate: vars.WAYBILL_LOOK_BEFORE_CREATE,
      accountLimits: dayLimits({
        refund: vars.WAYBILL_ACCOUNT_REFUNDS_PER_DAY,
        transfer: vars.WAYBILL_ACCOUNT_TRANSFERS_PER_DAY,
        payout: vars.WAYBILL_ACCOUNT_PAYOUTS_PER_DAY,
      }),
      callStacks: vars.WAYBILL_CALL_STACKS,
      runbookUrl: vars.WAYBILL_RUNBOOK_URL ?? null,
      metricsAddress: vars.WORKER_METRICS_ADDRESS ?? null,
      healthAddress: vars.WORKER_HEALTH_ADDRESS ?? null,
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
      reauthorizeForMs: vars.WAYBILL_REAUTHORIZE_DAYS * DAY_MS,
      onDisputeLost: vars.WAYBILL_ON_DISPUTE_LOST,
      ...approval(vars),
      metadataKey: temporal.metadataKeys[0],
    },
    events: eventsConfig(vars, { ...sandboxConfig(vars), ...stripeConfig(vars) }),
    home: resolve(vars.WAYBILL_HOME),
    logLevel: vars.LOG_LEVEL,
    tracesUrl: vars.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
  };
}
