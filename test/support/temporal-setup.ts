import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { projectRoot } from '../../dev/project-root.ts';
import { temporalBinary } from '../../dev/temporal/index.ts';
import { timeSkippingServer } from '../../dev/temporal/time-skipping.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Found or built once for all test files; or why there is none. */
    temporal: { path: string } | { missing: string };
    timeSkipping: { path: string } | { missing: string };
  }
}

/** Vitest's global setup: what takes long is fetched before the first test, not inside one of them. */
export default async function setup(project: TestProject): Promise<void> {
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
}
