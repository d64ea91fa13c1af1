import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { Launch } from '../processes/managed-process.ts';
import type { Readiness } from '../processes/readiness.ts';
import { projectRoot } from '../project-root.ts';
import { runTool } from '../run-tool.ts';
import type { Deployed, TemporalRole, WaybillPlace } from './deployment.ts';
import { postgres, proxy, sandbox, temporalServer, waybillApi, waybillWorker } from './deployment.ts';
import type { Place } from './place.ts';
import { secretOf } from './place.ts';
import { prepareDatabase } from './postgres.ts';

export const TEMPORAL_PARTS = [
  'temporal-history',
  'temporal-matching',
  'temporal-frontend',
  'temporal-worker',
] as const;
const WORKERS = ['worker-1', 'worker-2'] as const;
const APIS = ['api-1', 'api-2'] as const;
export const WAYBILL_PARTS = ['sandbox', ...WORKERS, ...APIS, 'proxy'] as const;
/** In the order in which they start. */
export const CLUSTER_PARTS = ['postgres', ...TEMPORAL_PARTS, ...WAYBILL_PARTS] as const;
export type ClusterPart = (typeof CLUSTER_PARTS)[number];

export const NAMESPACE = 'waybill';
export const TEMPORAL_FOLDER = join(projectRoot, 'deploy', 'temporal');

/** The port at which a part finds another one's: a drill leads it over a link that it can cut. */
export type Via = (from: ClusterPart, to: ClusterPart, port: number) => Promise<number>;

export const straight: Via = async (_from, _to, port) => port;

export function loopback(port: number): string {
  return `127.0.0.1:${port}`;
}

/** How Waybill's own processes find each other. */
export function waybillPlace({ ports, secrets }: Place): WaybillPlace {
  const sandboxUrl = `http://${loopback(ports.sandbox)}`;
  return {
    temporalAddress: loopback(ports.temporal.frontend.grpc),
    namespace: NAMESPACE,
    secrets,
    stripeApiBase: sandboxUrl,
    stripePublicUrl: sandboxUrl,
  };
}

/** How to launch each part, and how it shows that it is ready. */
export function launches(place: Place, via: Via): Record<ClusterPart, () => Promise<Launch>> {
  const { ports, home } = place;
  const waybill = waybillPlace(place);
  const seenBy = async (part: ClusterPart): Promise<WaybillPlace> => {
    const frontend = await via(part, 'temporal-frontend', ports.temporal.frontend.grpc);
    const stripe = await via(part, 'sandbox', ports.sandbox);
    const stripeApiBase = `http://${loopback(stripe)}`;
    return { ...waybill, temporalAddress: loopback(frontend), stripeApiBase };
  };
  const temporal = (role: TemporalRole) => async () => {
    const database = await via(`temporal-${role}`, 'postgres', ports.postgres);
    return launch(place, temporalServer(role, temporalPlace(place, role, database)), {
      env: { TEMPORAL_BIND_IP: '127.0.0.1', POSTGRES_PASSWORD: await secretOf(place, 'postgres_password') },
      ready:
        role === 'frontend' ? serves(waybill.temporalAddress) : listensAt(ports.temporal[role].membership),
    });
  };
  const worker = (index: 0 | 1) => async () => {
    const { health, metrics } = ports.workers[index];
    const at = { healthAddress: loopback(health), metricsAddress: loopback(metrics) };
    return launch(place, waybillWorker(await seenBy(WORKERS[index]), at), {
      ready: answersAt(`http://${loopback(health)}/readyz`),
    });
  };
  const api = (index: 0 | 1) => async () => {
    const port = ports.apis[index];
    const at = { host: '127.0.0.1', port, trustedProxies: 'loopback', auditDir: join(home, 'audit') };
    const ready = answersAt(`http://${loopback(port)}/readyz`);
    return launch(place, waybillApi(await seenBy(APIS[index]), at), { ready });
  };
  return {
    postgres: () => launchPostgres(place),
    'temporal-history': temporal('history'),
    'temporal-matching': temporal('matching'),
    'temporal-frontend': temporal('frontend'),
    'temporal-worker': temporal('worker'),
    sandbox: async () => {
      const apiUrl = `http://${loopback(ports.proxy)}`;
      const deployed = sandbox(waybill, { host: '127.0.0.1', port: ports.sandbox, apiUrl, home });
      return launch(place, deployed, { ready: listensAt(ports.sandbox) });
    },
    'worker-1': worker(0),
    'worker-2': worker(1),
    'api-1': api(0),
    'api-2': api(1),
    proxy: async () => {
      const file = join(projectRoot, 'deploy', 'proxy', 'haproxy.cfg');
      const deployed = proxy(file, loopback(ports.proxy), [loopback(ports.apis[0]), loopback(ports.apis[1])]);
      return launch(place, deployed, { ready: answersAt(`http://${loopback(ports.proxy)}/readyz`) });
    },
  };
}

function temporalPlace({ ports }: Place, role: TemporalRole, databasePort: number) {
  const { grpc, membership, metrics } = ports.temporal[role];
  return {
    folder: TEMPORAL_FOLDER,
    database: { host: '127.0.0.1', port: databasePort },
    grpcPort: grpc,
    membershipPort: membership,
    metricsAddress: loopback(metrics),
    frontendAddress: loopback(ports.temporal.frontend.grpc),
  };
}

async function launchPostgres(place: Place): Promise<Launch> {
  const { home, secrets, env, ports } = place;
  const folder = join(home, 'postgres');
  const asOwner = await prepareDatabase(folder, join(secrets, 'postgres_password'), env);
  const { command } = postgres();
  const here = ['-D', folder, '-p', String(ports.postgres), '-c', 'listen_addresses=127.0.0.1', '-k', ''];
  const deployed = { command: [...asOwner, ...command, ...here], environment: {} };
  const isReady = { command: 'pg_isready', args: ['-h', '127.0.0.1', '-p', String(ports.postgres)], env };
  return launch(place, deployed, { ready: { answers: async () => (await runTool(isReady)).ok } });
}

function launch(
  { env }: Place,
  { command: [command = '', ...args], environment }: Deployed,
  more: { env?: Record<string, string>; ready: Readiness },
): Launch {
  return { command, args, env: { ...env, ...environment, ...more.env }, ready: more.ready };
}

function answersAt(url: string): Readiness {
  return { answers: async () => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok };
}

/** It listens before it serves. */
function serves(address: string): Readiness {
  return {
    answers: async () => {
      const connection = await Connection.connect({ address, connectTimeout: '2s' });
      await connection.close();
      return true;
    },
  };
}

function listensAt(port: number): Readiness {
  const connects = () =>
    new Promise<boolean>((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  return { answers: connects };
}
