import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Config, loadConfig } from '../config.ts';
import type { Env } from './cache-dir.ts';
import { holdData } from './data.ts';
import { ManagedProcess } from './processes/managed-process.ts';
import { apiUrl, launches, PARTS, type Part, sandboxUrl, temporalFile } from './processes/parts.ts';
import { assertFree, configuredPorts, freePorts, PORT_VARIABLES, type Ports } from './processes/ports.ts';
import { temporalBinary } from './temporal/index.ts';

/** Over an environment: whatever Stripe it leads to, the embedded sandbox is used. */
export const NO_STRIPE: Env = { STRIPE_SECRET_KEY: '', STRIPE_SECRET_KEY_FILE: '', STRIPE_API_BASE: '' };

export interface StackOptions {
  /** `configured`: as the environment says, a taken one is an error. `free` (default): in nobody's way, and no real Stripe. */
  ports?: 'free' | 'configured';
  /** Where data and logs go. By default the configured folder, or with free ports a temporary one, removed at the end. */
  home?: string;
  /** Removes what an earlier run left in `home`. */
  fresh?: boolean;
  /** What to start; by default all that the environment doesn't place elsewhere. The rest can be started later. */
  parts?: readonly Part[];
  /** Over this process's own environment, for every part. */
  env?: Env;
  /** Parts that die are started again. Off by default: a test that kills one decides itself. */
  supervise?: boolean;
  /** For people: progress, deaths, returns. */
  report?: (line: string) => void;
  onLine?: (part: Part, line: string) => void;
  onGivenUp?: (why: string) => void;
}

export interface Stack {
  config: Config;
  ports: Ports;
  urls: { api: string; docs: string; sandbox: string; temporalUi: string };
  /** Started or not: `kill`, `restart`, `stop`, `pid`. */
  processes: Record<Part, ManagedProcess>;
  /** Where each part's output is kept. */
  logFile(part: Part): string;
  /** Ends what runs, callers first. */
  stop(): Promise<void>;
}

/** Brings up Temporal, sandbox, worker and API as processes of their own, and returns when all of them are ready. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { report = () => undefined } = options;
  const { config, ports, env, removeHome } = await settle(options);
  const parts = options.parts ?? embeddedAndOurs(config);
  await assertFree(portsOf(parts, ports));
  const release = await holdData(config, parts, options.fresh ?? false);

  const logFile = (part: Part) => join(config.home, 'logs', `${part}.log`);
  const launch = launches(config, env, async () => {
    await mkdir(dirname(temporalFile(config.home)), { recursive: true });
    return temporalBinary(env, config.home, report);
  });
  const start = (part: Part) =>
    new ManagedProcess({
      name: part,
      logFile: logFile(part),
      launch: launch[part],
      supervise: options.supervise ?? false,
      report,
      onLine: (line) => options.onLine?.(part, line),
      onGivenUp: options.onGivenUp ?? report,
    });
  const processes = {
    temporal: start('temporal'),
    sandbox: start('sandbox'),
    worker: start('worker'),
    api: start('api'),
  };
  const stop = async () => {
    // Callers before what they call: each can finish what it has begun.
    for (const part of PARTS.toReversed()) await processes[part].stop();
    await release();
    await removeHome();
  };
  try {
    const begin = (wave: readonly Part[]) =>
      Promise.all(wave.filter((part) => parts.includes(part)).map((part) => processes[part].start()));
    await begin(['temporal', 'sandbox']);
    await begin(['worker', 'api']);
  } catch (error) {
    await stop();
    throw error;
  }
  return { config, ports, urls: urlsOf(config), processes, logFile, stop };
}

/** The environment that all parts share, and the configuration that it makes. */
async function settle(options: StackOptions) {
  const free = options.ports !== 'configured';
  const given: Env = {
    ...process.env,
    ...(free && NO_STRIPE),
    ...options.env,
  };
  const ports = free ? await freePorts() : configuredPorts(loadConfig(given));
  const temporary =
    free && options.home === undefined ? await mkdtemp(join(tmpdir(), 'waybill-')) : undefined;
  const home = options.home ?? temporary ?? loadConfig(given).home;
  const own = Object.entries(PORT_VARIABLES).map(([key, name]) => [name, String(ports[key as keyof Ports])]);
  const env = { ...withWebhookSecrets(given), ...Object.fromEntries(own), WAYBILL_HOME: home };
  const removeHome = async () => {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  };
  return { config: loadConfig(env), ports, env, removeHome };
}

/** The embedded sandbox and the API share secrets, one for the platform's events and one for its accounts'. */
function withWebhookSecrets(env: Env): Env {
  const { stripe, sandbox } = loadConfig(env);
  if (stripe.webhookSecrets.length > 0 || !sandbox.embedded) return env;
  const secret = () => `whsec_${randomBytes(24).toString('hex')}`;
  return { ...env, STRIPE_WEBHOOK_SECRETS: `${secret()},${secret()}` };
}

function embeddedAndOurs({ temporal, sandbox }: Config): Part[] {
  return PARTS.filter((part) =>
    part === 'temporal' ? temporal.embedded : part !== 'sandbox' || sandbox.embedded,
  );
}

function portsOf(parts: readonly Part[], { temporal, temporalUi, sandbox, api }: Ports): Partial<Ports> {
  return {
    ...(parts.includes('temporal') && { temporal, temporalUi }),
    ...(parts.includes('sandbox') && { sandbox }),
    ...(parts.includes('api') && { api }),
  };
}

function urlsOf(config: Config): Stack['urls'] {
  const api = apiUrl(config);
  const temporalUi = `http://127.0.0.1:${config.temporal.uiPort}`;
  return { api, docs: `${api}/docs`, sandbox: sandboxUrl(config), temporalUi };
}
