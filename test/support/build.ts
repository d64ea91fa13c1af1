import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../dev/project-root.ts';

/** For tests that spawn real processes: `dist/` as new as the sources. Cheap when it already is. */
export function ensureBuilt(): void {
  const run = spawnSync(process.execPath, [join(projectRoot, 'dev', 'run.mjs'), 'build'], {
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`The build failed:\n${run.stderr}`);
}
