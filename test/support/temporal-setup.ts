import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { startCluster } from '../../dev/cluster/start-cluster.ts';
import { freePort } from '../../dev/free-port.ts';
import { ManagedProcess } from '../../dev/processes/managed-process.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { temporalBinary } from '../../dev/temporal/index.ts';
import { inMemoryServerArgs } from '../../dev/temporal/server-flags.ts';
import { timeSkippingServer } from '../../dev/temporal/time-skipping.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Found or built once for all test files; or why there is none. */
    temporal: { path: string } | { missing: string };
    timeSkipping: { path: string } | { missing: string };
    /** The server that test files share, each in a namespace of its own; null: a file starts one for itself. */
    shared: { address: string } | null;
  }
}

/** Vitest's global setup: what takes long is fetched before the first test, not inside one of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = join(projectRoot, '.waybill');
  const say = (line: string) => console.error(line);
  const [temporal, timeSkipping] = await Promise.all([
    temporalBinary(process.env, home, say).then(
      (path) => ({ path }),
      (error: Error) => ({ missing: error.message }),
    ),
    timeSkippingServer(process.env, home, say),
  ]);
  project.provide('temporal', temporal);
  project.provide('timeSkipping', timeSkipping);
  // Once, and not for each project: nearly all files that want a server are in this one.
  const shared = project.name === 'shared' ? await startShared(temporal, say) : null;
  project.provide('shared', shared && { address: shared.address });
  return async () => shared?.stop();
}

interface SharedServer {
  readonly address: string;
  stop(): Promise<void>;
}

/** With `npm test -- --cluster` Temporal as a cluster runs it, otherwise one in memory. */
async function startShared(
  temporal: ProvidedContext['temporal'],
  report: (line: string) => void,
): Promise<SharedServer | null> {
  if (process.env.TEST_TEMPORAL !== 'cluster')
    return 'missing' in temporal ? null : startInMemory(temporal.path, report);
  const cluster = await startCluster({
    ports: 'free',
    scope: 'temporal',
    env: process.env,
    supervise: false,
    report,
  });
  return { address: cluster.temporalAddress, stop: () => cluster.stop() };
}

/** One server instead of ninety: to start one and to leave it idle takes a second of CPU time, a namespace a tenth. */
async function startInMemory(command: string, report: (line: string) => void): Promise<SharedServer> {
  const port = await freePort();
  const server = new ManagedProcess({
    name: 'Temporal for the tests',
    logFile: join(projectRoot, '.waybill', 'logs', 'temporal-of-tests.log'),
    launch: async () => ({
      command,
      args: inMemoryServerArgs(port),
      env: process.env,
      ready: { answers: () => answers(port) },
    }),
    supervise: false,
    report,
    onLine: () => undefined,
    onGivenUp: report,
  });
  await server.start();
  return { address: `127.0.0.1:${port}`, stop: () => server.stop() };
}

async function answers(port: number): Promise<boolean> {
  const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: '1s' });
  await connection.close();
  return true;
}
