import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';
import { withLock } from '../run/file-lock.mjs';
import { runTool } from '../run-tool.ts';
import { showProgress } from './progress.ts';

/** A program that is built from dev/temporal/go.mod. */
export interface GoProgram {
  /** For people. */
  readonly name: string;
  readonly package: string;
  readonly linkFlags: string;
  readonly takes: string;
}

/**
 * Builds a program from dev/temporal/go.mod, whose go.sum pins every byte of the sources. Two processes never
 * build at once: the second waits and finds the first one's result. The binary appears complete or not at all.
 */
export async function buildWithGo(program: GoProgram, target: string, log: (line: string) => void) {
  const go = await runTool({ command: 'go', args: ['version'] });
  if (!go.ok) return { missing: go.why };
  return withLock(
    `${target}.lock`,
    () => buildUnlessThere(program, target, log),
    (pid) => log(`Another process (${pid}) is building ${program.name}; waiting for it …`),
  );
}

async function buildUnlessThere(program: GoProgram, target: string, log: (line: string) => void) {
  if (existsSync(target)) return { path: target };
  log(`Building ${program.name} from its sources. This happens once, takes ${program.takes},`);
  log('and is kept in the cache.');
  const unfinished = `${target}.unfinished`;
  let downloaded = 0;
  let compiled = 0;
  const stop = showProgress(() => `${downloaded} modules fetched, ${compiled} packages compiled`, log);
  const built = await runTool({
    command: 'go',
    args: ['build', '-v', '-mod=readonly', '-ldflags', program.linkFlags, '-o', unfinished, program.package],
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
