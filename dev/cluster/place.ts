import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { loadConfig } from '../../config.ts';
import type { Env } from '../cache-dir.ts';
import { freePort } from '../free-port.ts';
import { assertFree, configuredPorts, freePorts } from '../processes/ports.ts';
import { projectRoot } from '../project-root.ts';
import { runTool } from '../run-tool.ts';
import { NO_STRIPE } from '../stack.ts';
import { temporalServerTools } from '../temporal/server-tools.ts';
import { TEMPORAL_ROLES, type TemporalRole } from './deployment.ts';
import { programFolder, SYSTEM_PROGRAMS } from './system-programs.ts';

/** Where on this machine a cluster's processes are. */
export interface Place {
  /** Data and logs. */
  readonly home: string;
  readonly secrets: string;
  /** Of every process: it finds the programs on its PATH. */
  readonly env: Env;
  readonly ports: ClusterPorts;
  /** Removes `home` when it was made for this cluster alone. */
  remove(): Promise<void>;
}

interface ClusterPorts {
  readonly postgres: number;
  readonly temporal: Readonly<Record<TemporalRole, { grpc: number; membership: number; metrics: number }>>;
  readonly sandbox: number;
  readonly proxy: number;
  readonly apis: readonly [number, number];
  readonly workers: readonly [WorkerPorts, WorkerPorts];
}

interface WorkerPorts {
  readonly health: number;
  readonly metrics: number;
}

export interface PlaceOptions {
  /** `configured`: the API's, the sandbox's and Temporal's ports are those of the environment. */
  readonly ports: 'free' | 'configured';
  readonly env: Env;
  readonly report: (line: string) => void;
}

/** Settles ports, folders and secrets, and installs or builds the programs that are missing. */
export async function settlePlace({ ports, env, report }: PlaceOptions): Promise<Place> {
  const own = { ...env, ...NO_STRIPE, TEMPORAL_ADDRESS: '' };
  const isTemporary = ports === 'free';
  const home = isTemporary
    ? await mkdtemp(join(tmpdir(), 'waybill-cluster-'))
    : join(loadConfig(own).home, 'cluster');
  await mkdir(home, { recursive: true });
  // The database's owner has to pass.
  if (isTemporary) await chmod(home, 0o711);
  const outside = isTemporary ? await freePorts() : configuredPorts(loadConfig(own));
  const { api, sandbox, temporal } = outside;
  await assertFree({ api, sandbox, temporal });
  return {
    home,
    secrets: await makeSecrets(join(home, 'secrets')),
    env: { ...own, PATH: await pathWithPrograms(own, home, report) },
    ports: await allPorts({ proxy: api, sandbox, frontend: temporal }),
    remove: async () => {
      if (isTemporary) await rm(home, { recursive: true, force: true });
    },
  };
}

/** The content of a secret's file. */
export async function secretOf({ secrets }: Pick<Place, 'secrets'>, name: string): Promise<string> {
  return (await readFile(join(secrets, name), 'utf8')).trim();
}

async function makeSecrets(folder: string): Promise<string> {
  const made = await runTool({ command: join(projectRoot, 'deploy', 'make-secrets.sh'), args: [folder] });
  if (!made.ok) throw new Error(made.why);
  return folder;
}

async function pathWithPrograms(env: Env, home: string, report: (line: string) => void): Promise<string> {
  const folders = [dirname(process.execPath), await temporalServerTools(env, home, report)];
  for (const program of SYSTEM_PROGRAMS) folders.push(await programFolder(program, env, report));
  return [...folders, env.PATH ?? ''].join(delimiter);
}

async function allPorts(outside: {
  proxy: number;
  sandbox: number;
  frontend: number;
}): Promise<ClusterPorts> {
  const roles = TEMPORAL_ROLES.map(async (role) => {
    const grpc = role === 'frontend' ? outside.frontend : await freePort();
    return [role, { grpc, membership: await freePort(), metrics: await freePort() }] as const;
  });
  const worker = async () => ({ health: await freePort(), metrics: await freePort() });
  return {
    postgres: await freePort(),
    temporal: Object.fromEntries(await Promise.all(roles)) as ClusterPorts['temporal'],
    sandbox: outside.sandbox,
    proxy: outside.proxy,
    apis: [await freePort(), await freePort()],
    workers: [await worker(), await worker()],
  };
}
