import { join } from 'node:path';
import type { Env } from '../cache-dir.ts';
import { ManagedProcess } from '../processes/managed-process.ts';
import { takeLock } from '../run/file-lock.mjs';
import { runTool } from '../run-tool.ts';
import { type Deployed, prepareNamespace, temporalSchema } from './deployment.ts';
import {
  CLUSTER_PARTS,
  type ClusterPart,
  launches,
  loopback,
  NAMESPACE,
  straight,
  TEMPORAL_FOLDER,
  TEMPORAL_PARTS,
  type Via,
  WAYBILL_PARTS,
  waybillPlace,
} from './parts.ts';
import { type Place, secretOf, settlePlace } from './place.ts';

export interface ClusterOptions {
  /** `configured`: as the environment says, data in WAYBILL_HOME. `free`: in nobody's way, and removed at the end. */
  readonly ports: 'free' | 'configured';
  /** `temporal`: PostgreSQL and Temporal alone. */
  readonly scope: 'all' | 'temporal';
  readonly env: Env;
  /** Parts that die are started again. */
  readonly supervise: boolean;
  /** For people: progress, deaths, returns. */
  readonly report: (line: string) => void;
  readonly onGivenUp?: (why: string) => void;
  /** Absent: the parts find each other without a detour. */
  readonly via?: Via;
}

export interface Cluster {
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly urls: { readonly api: string; readonly sandbox: string };
  readonly processes: Readonly<Record<ClusterPart, ManagedProcess>>;
  readonly place: Place;
  /** Ends what runs, callers first. */
  stop(): Promise<void>;
}

/** PostgreSQL, Temporal's four roles, two workers, two APIs behind a proxy, and the sandbox: each a process of its own. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { report, scope } = options;
  const place = await settlePlace(options);
  const release = await takeLock(join(place.home, 'cluster.lock'));
  const processes = managed(place, options);
  const stop = async () => {
    for (const part of CLUSTER_PARTS.toReversed()) await processes[part].stop();
    await release();
    await place.remove();
  };
  const start = async (parts: readonly ClusterPart[]) => {
    report(`Starting ${parts.join(', ')} …`);
    await Promise.all(parts.map((part) => processes[part].start()));
  };
  try {
    await start(['postgres']);
    await prepareTemporal(place, report);
    // The first one registers the cluster in the database; others that did so too at the same moment would fail.
    await start(TEMPORAL_PARTS.slice(0, 1));
    await start(TEMPORAL_PARTS.slice(1));
    if (scope === 'all') {
      report(`Preparing the namespace ${NAMESPACE} …`);
      await runJob(place, prepareNamespace(waybillPlace(place)));
      await start(WAYBILL_PARTS);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const { ports } = place;
  return {
    temporalAddress: loopback(ports.temporal.frontend.grpc),
    namespace: NAMESPACE,
    urls: { api: `http://${loopback(ports.proxy)}`, sandbox: `http://${loopback(ports.sandbox)}` },
    processes,
    place,
    stop,
  };
}

function managed(place: Place, options: ClusterOptions): Record<ClusterPart, ManagedProcess> {
  const launch = launches(place, options.via ?? straight);
  const part = (name: ClusterPart) =>
    new ManagedProcess({
      name,
      logFile: join(place.home, 'logs', `${name}.log`),
      launch: launch[name],
      supervise: options.supervise,
      report: options.report,
      onLine: () => undefined,
      onGivenUp: options.onGivenUp ?? options.report,
    });
  const entries = CLUSTER_PARTS.map((name) => [name, part(name)] as const);
  return Object.fromEntries(entries) as Record<ClusterPart, ManagedProcess>;
}

async function prepareTemporal(place: Place, report: (line: string) => void): Promise<void> {
  report("Preparing Temporal's databases …");
  const database = { host: '127.0.0.1', port: place.ports.postgres };
  const password = await secretOf(place, 'postgres_password');
  await runJob(place, temporalSchema(TEMPORAL_FOLDER, database), { SQL_PASSWORD: password });
}

async function runJob(
  { env }: Place,
  { command: [command = '', ...args], environment }: Deployed,
  secrets: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ran = await runTool({ command, args, env: { ...env, ...environment, ...secrets } });
  if (!ran.ok) throw new Error(`${ran.why}\n${ran.output}`);
}
