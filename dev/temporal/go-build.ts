import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';
import { withLock } from '../run/file-lock.mjs';
import { runTool } from '../run-tool.ts';
import { showProgress } from './progress.ts';

const CLI_PACKAGE = 'github.com/temporalio/cli/cmd/temporal';
/** The CLI's own release build stamps its version so; without it, it calls itself 0.0.0-DEV. */
const VERSION_FLAG = '-X github.com/temporalio/cli/temporalcli.Version=1.5.1';

/**
 * Builds the official CLI from dev/temporal/go.mod, whose go.sum pins every byte of the sources. Two processes never
 * build at once: the second waits and finds the first one's result. The binary appears complete or not at all.
 */
export async function buildWithGo(target: string, log: (line: string) => void) {
  const go = await runTool({ command: 'go', args: ['version'] });
  if (!go.ok) return { missing: go.why };
  return withLock(
    `${target}.lock`,
    () => buildUnlessThere(target, log),
    (pid) => log(`Another process (${pid}) is building the Temporal CLI; waiting for it …`),
  );
}

async function buildUnlessThere(target: string, log: (line: string) => void) {
  if (existsSync(target)) return { path: target };
  log('Building the Temporal CLI from its sources: no binary was found here and none could be downloaded.');
  log('This happens once, takes about three minutes on two cores, and is kept in the cache.');
  const unfinished = `${target}.unfinished`;
  let downloaded = 0;
  let compiled = 0;
  const stop = showProgress(() => `${downloaded} modules fetched, ${compiled} packages compiled`, log);
  const built = await runTool({
    command: 'go',
    args: ['build', '-v', '-mod=readonly', '-ldflags', VERSION_FLAG, '-o', unfinished, CLI_PACKAGE],
    cwd: join(projectRoot, 'dev', 'temporal'),
    onLine: (line) => {
      if (line.startsWith('go: downloading')) downloaded++;
      else compiled++;
    },
  }).finally(stop);
  if (!built.ok) {
    await rm(unfinished, { force: true });
    return { missing: built.why };
  }
  await rename(unfinished, target);
  return { path: target };
}
