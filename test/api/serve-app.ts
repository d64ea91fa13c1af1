import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import type { ApiDeps } from '../../api/http/deps.ts';
import { createMetrics } from '../../api/http/metrics.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { impatient } from '../../temporal/connection.ts';

export const KEYS = [
  { name: 'reader', role: 'read', secret: 'secret-read' },
  { name: 'shop', role: 'service', secret: 'secret-service' },
  { name: 'shop2', role: 'service', secret: 'secret-service-2' },
  { name: 'olga', role: 'ops', secret: 'secret-ops' },
] as const;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly body: any;
}

export interface ServedApp {
  readonly url: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
}

export interface CallOptions {
  /** Role of the key; null: none. */
  readonly as?: 'read' | 'service' | 'service-2' | 'ops' | null;
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export const LIMITS = { perKey: 120_000, perAddress: 600, stripeReadsPerKey: 600, commandsMax: 1_000 };

/** Where a server of a test listens. */
export const LISTENING = {
  host: '127.0.0.1',
  port: 0,
  connectionsMax: 2_000,
  logger: pino({ level: 'silent' }),
  metrics: createMetrics(),
};

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** The app on a free loopback port; without a Temporal of its own, Temporal is out of reach. */
export async function serveApp(deps: Partial<ApiDeps> = {}): Promise<ServedApp> {
  const app = createApp({
    temporal: new Client({ connection: Connection.lazy(impatient({ address: '127.0.0.1:9' })) }),
    stripe: createStripeClient({ secretKey: 'sk_test_1', apiBase: NOWHERE }),
    tokenMaker: createStripeClient({ secretKey: 'sk_test_1', apiBase: NOWHERE }),
    oauth: { clientId: 'ca_1', connectBase: NOWHERE },
    stateSecret: 'a secret of the tests, and long enough',
    keys: KEYS,
    keyFile: null,
    proxyIdentity: null,
    auditDir: null,
    taskQueue: 'waybill',
    policy: {
      retryBudgetMs: 60_000,
      openMs: 3_600_000,
      abandonAfterMs: 3_600_000,
      captureWarningMs: 3_600_000,
      reauthorizeBeforeMs: 7_200_000,
      reauthorizeForMs: 7_776_000_000,
      metadataKey: '',
      onDisputeLost: 'bear',
    },
    livemode: false,
    events: { signingKey: null, allowLoopback: false, giveUpAfterMs: 1 },
    webhookSecrets: [],
    limits: LIMITS,
    trustedProxies: [],
    metadataKeys: [''],
    links: { temporalUi: null, stripeDashboard: null, docs: null },
    logger: pino({ level: 'silent' }),
    metrics: createMetrics(),
    ...deps,
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  server.once('close', () => app.emit('close'));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    call: (method, path, options = {}) => call(url + path, method, options),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function call(
  url: string,
  method: string,
  { as = 'service', key, body, headers }: CallOptions,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(as === null ? {} : { Authorization: `Bearer secret-${as}` }),
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: bytesOf(body) }),
  });
  const text = await response.text();
  const json = response.headers.get('Content-Type')?.includes('json');
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

/** JSON, unless the test wrote its own. */
function bytesOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (Buffer.isBuffer(body)) return new Uint8Array(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}
