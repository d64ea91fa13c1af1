import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startCluster } from '../../dev/cluster/start-cluster.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { temporalBinary } from '../../dev/temporal/index.ts';
import { timeSkippingServer } from '../../dev/temporal/time-skipping.ts';
import { serveNamespaces } from './shared-temporal.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Found or built once for all test files, and where each gets a namespace of a server that they share; or why there is none. */
    temporal: { path: string; namespaces: string } | { missing: string };
    timeSkipping: { path: string } | { missing: string };
    /** `npm test -- --cluster`: where Temporal's frontend is. */
    cluster: { address: string } | null;
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
  const shared = 'path' in temporal ? await serveNamespaces(temporal.path, home) : null;
  project.provide('temporal', 'path' in temporal ? { ...temporal, namespaces: shared?.url ?? '' } : temporal);
  project.provide('timeSkipping', timeSkipping);
  // Once, and not for each project: the tests that a cluster carries are in this one.
  const wantsCluster = process.env.TEST_TEMPORAL === 'cluster' && project.name === 'shared';
  const cluster = wantsCluster ? await startTemporalCluster(say) : null;
  project.provide('cluster', cluster && { address: cluster.temporalAddress });
  return async () => {
    await Promise.all([shared?.stop(), cluster?.stop()]);
  };
}

function startTemporalCluster(report: (line: string) => void) {
  return startCluster({ ports: 'free', scope: 'temporal', env: process.env, supervise: false, report });
}
