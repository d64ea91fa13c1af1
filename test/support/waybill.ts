import { readFile } from 'node:fs/promises';
import { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import type { ApiDeps } from '../../api/http/deps.ts';
import { createMetrics } from '../../api/http/metrics.ts';
import { close, listen } from '../../api/serve.ts';
import type { OrderPolicy } from '../../contract/orders.ts';
import { freePort } from '../../dev/free-port.ts';
import type { DayLimits } from '../../domain/limits/day-limits.ts';
import type { LostDisputePolicy } from '../../domain/orders/recovery-state.ts';
import type { SandboxOptions } from '../../sandbox/index.ts';
import { createSandbox } from '../../sandbox/index.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { dataConverter } from '../../temporal/data-converter.ts';
import type { PayloadKey } from '../../temporal/payload-encryption.ts';
import { withSettings } from '../../worker/bundle.ts';
import type { WorkerDeps } from '../../worker/create-worker.ts';
import { createWorkers } from '../../worker/create-worker.ts';
import { ensureSync } from '../../worker/schedules.ts';
import type { MeddlingProxy } from './meddling-proxy.ts';
import { quietRuntime } from './runtime.ts';
import { startTestServer } from './temporal.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { shareWorkflowThreads } from './workflow-threads.ts';

// Tests provoke failures on purpose: what activities log of them would hide the test's own words.
quietRuntime();
shareWorkflowThreads();

const HOUR_MS = 3_600_000;
const TASK_QUEUE = 'waybill';
export const SECRET_KEY = 'sk_test_waybill';
export const STATE_SECRET = 'a secret of the tests, and long enough';

/** Short where a test has to wait for it, and else as in production. */
export const POLICY: OrderPolicy = {
  retryBudgetMs: 10_000,
  openMs: 24 * HOUR_MS,
  abandonAfterMs: 24 * HOUR_MS,
  captureWarningMs: 24 * HOUR_MS,
  reauthorizeBeforeMs: 36 * HOUR_MS,
  reauthorizeForMs: 90 * 24 * HOUR_MS,
  metadataKey: '',
};

/** Events are tried again soon, and not for long. A receiver in a busy process of the tests still answers in time: it is no second delivery. */
export const EVENTS = {
  signingKey: 'what the signing secrets of a test are made of',
  allowLoopback: true,
  answerWithinMs: 3_000,
  firstRetryMs: 200,
  giveUpAfterMs: 10_000,
};

/** Above what a test asks for while it waits. */
const LIMITS = { perKey: 120_000, perAddress: 600, stripeReadsPerKey: 120_000, commandsMax: 1_000 };

export const WEBHOOK_SECRET = 'whsec_of_the_platform';
const CONNECT_WEBHOOK_SECRET = 'whsec_of_connected_accounts';

/** What is there of the ways in which an order hears of Stripe; by default nothing but its own readings. */
export interface Hearing {
  /** The sandbox sends its events to the API. */
  readonly webhooks?: boolean;
  /** The schedule that feeds missed events, and how often it runs. */
  readonly syncEveryMs?: number;
}

/** What a test wants otherwise of the server and the sandbox. */
export interface Surroundings {
  readonly serverArgs?: readonly string[];
  /** Where the server's UI listens; without, it has none. */
  readonly uiPort?: number;
  readonly sandboxOptions?: SandboxOptions;
  /** What stands between Waybill and the sandbox; closed by the test. */
  readonly proxy?: Pick<MeddlingProxy, 'listen'>;
  /** Whether Waybill is told that it moves real money; the sandbox never does. */
  readonly livemode?: boolean;
  /** Of orders that do not say who bears a lost dispute. */
  readonly onDisputeLost?: LostDisputePolicy;
  /** What each connected account may move out in a day. */
  readonly accountLimits?: DayLimits;
  /** What the API is given otherwise. */
  readonly api?: Partial<ApiDeps>;
  /** What Temporal stores is encrypted with the first. */
  readonly payloadKeys?: readonly PayloadKey[];
  /** How API and workers reach the server at that address; closed by the test. */
  readonly reach?: (
    address: string,
  ) => Promise<Pick<TestWorkflowEnvironment, 'connection' | 'nativeConnection'>>;
}

export interface Waybill {
  readonly env: TestWorkflowEnvironment;
  readonly apiUrl: string;
  readonly sandboxUrl: string;
  /** The official client on the sandbox, as the platform. */
  readonly stripe: ReturnType<typeof createStripeClient>;
  /** Nothing that its workers keep in memory is left. */
  restartWorkers(): Promise<void>;
  stop(): Promise<void>;
}

/** API, worker and sandbox in this process on a real Temporal server; real HTTP between all of them. */
export async function startWaybill(
  policy: Partial<OrderPolicy> = {},
  { webhooks = false, syncEveryMs }: Hearing = {},
  {
    serverArgs = [],
    uiPort,
    sandboxOptions = {},
    proxy,
    livemode = false,
    onDisputeLost = 'bear',
    accountLimits = {},
    api = {},
    payloadKeys = [],
    reach,
  }: Surroundings = {},
): Promise<Waybill> {
  const env = await startTestServer(serverArgs, undefined, uiPort);
  const { connection, nativeConnection } = (await reach?.(env.address)) ?? env;
  const apiPort = await freePort();
  const url = `http://127.0.0.1:${apiPort}/webhooks/stripe`;
  const sandbox = createSandbox({
    seed: 1,
    ...sandboxOptions,
    ...(webhooks ? { webhooks: { url, secret: WEBHOOK_SECRET, connectSecret: CONNECT_WEBHOOK_SECRET } } : {}),
  });
  const { url: sandboxUrl } = await sandbox.listen(0);
  const direct = createStripeClient({ secretKey: SECRET_KEY, apiBase: sandboxUrl });
  const stripe = proxy
    ? createStripeClient({ secretKey: SECRET_KEY, apiBase: await proxy.listen(sandboxUrl) })
    : direct;
  const converter = dataConverter(payloadKeys);
  const deps = {
    dataConverter: converter,
    connection: nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue: TASK_QUEUE,
    events: EVENTS,
    workflowBundle: await bundleFor(payloadKeys),
    stripe,
    clientId: 'ca_waybill',
    policy: { ...POLICY, onDisputeLost, ...policy },
    livemode,
    accountLimits,
  };
  let running = await run(deps);
  const app = createApp({
    temporal: new Client({
      connection,
      namespace: env.namespace ?? 'default',
      dataConverter: converter,
    }),
    stripe,
    tokenMaker: stripe,
    oauth: { clientId: 'ca_waybill', connectBase: sandboxUrl },
    stateSecret: STATE_SECRET,
    keys: (['read', 'service', 'ops'] as const).map((role) => ({
      name: `dev_${role}`,
      role,
      secret: `dev_${role}`,
    })),
    keyFile: null,
    proxyIdentity: null,
    auditDir: null,
    taskQueue: TASK_QUEUE,
    policy: { ...POLICY, onDisputeLost, ...policy },
    livemode,
    events: EVENTS,
    webhookSecrets: [WEBHOOK_SECRET, CONNECT_WEBHOOK_SECRET],
    limits: LIMITS,
    trustedProxies: [],
    metadataKeys: [''],
    links: { temporalUi: null, stripeDashboard: null, docs: null },
    logger: pino({ level: 'silent' }),
    metrics: createMetrics(),
    ...api,
  });
  const server = await listen(app, {
    host: '127.0.0.1',
    port: apiPort,
    connectionsMax: 2_000,
    logger: pino({ level: 'silent' }),
    metrics: createMetrics(),
  });
  if (syncEveryMs !== undefined) {
    await ensureSync(env.client, { taskQueue: TASK_QUEUE, everyMs: syncEveryMs });
  }
  return {
    env,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    sandboxUrl,
    stripe: direct,
    restartWorkers: async () => {
      await running.stop();
      running = await run(deps);
    },
    stop: async () => {
      await close(server);
      await running.stop();
      await sandbox.close();
      await env.teardown();
    },
  };
}

/** Workers that poll until they are stopped. */
async function run(deps: WorkerDeps) {
  const workers = await createWorkers(deps);
  const running = Promise.all(workers.map((one) => one.run()));
  return {
    stop: async () => {
      for (const one of workers) if (one.getState() === 'RUNNING') one.shutdown();
      await running;
    },
  };
}

/** The workflows as a worker with those keys loads them. */
async function bundleFor(payloadKeys: readonly PayloadKey[]): Promise<WorkflowBundleOption> {
  const bundle = await workflowBundle();
  if (payloadKeys.length === 0) return bundle;
  return { code: withSettings(await readFile(bundle.codePath, 'utf8'), { runbookUrl: null, payloadKeys }) };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of many shapes
  readonly body: any;
}

let keys = 0;

/** One request to the API. `key`: the Idempotency-Key, a fresh one by default. */
export async function request(
  waybill: Pick<Waybill, 'apiUrl'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  options: {
    body?: unknown;
    as?: 'read' | 'service' | 'ops';
    key?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  keys += 1;
  const response = await fetch(`${waybill.apiUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer dev_${options.as ?? 'ops'}`,
      ...(method === 'POST'
        ? { 'content-type': 'application/json', 'idempotency-key': options.key ?? `key-${keys}` }
        : {}),
      ...options.headers,
    },
    ...(method === 'POST' ? { body: JSON.stringify(options.body ?? {}) } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
