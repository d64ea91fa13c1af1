import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../project-root.ts';
import { withLock } from '../run/file-lock.mjs';
import { runTool } from '../run-tool.ts';

/** Long enough for a connection that works to begin, short enough not to be felt where there is none. */
const BEGIN_WITHIN_MS = 5_000;
const FINISH_WITHIN_MS = 120_000;

/**
 * Lets the SDK fetch a server from Temporal's own hosts. It does so only on the way to starting a server, and can't be
 * called off; so it runs in a process of its own, which can.
 */
export async function downloadWithSdk(
  kind: 'dev-server' | 'time-skipping',
  target: string,
  log: (line: string) => void,
): Promise<{ path: string } | { missing: string }> {
  return withLock(`${target}.lock`, async () => {
    if (existsSync(target)) return { path: target };
    const dir = `${target}.download`;
    await mkdir(dir, { recursive: true });
    try {
      const missing = await download(kind, dir, log);
      const [file] = (await readdir(dir)).filter((name) => !name.endsWith('.downloading'));
      if (missing !== undefined || file === undefined) return { missing: missing ?? 'it left no file' };
      await rename(join(dir, file), target);
      return { path: target };
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
}

/** Why it failed, or undefined. */
async function download(kind: string, dir: string, log: (line: string) => void): Promise<string | undefined> {
  const giveUp = new AbortController();
  const script = join(projectRoot, 'dev', 'temporal', 'sdk-download.mjs');
  const run = runTool({ command: process.execPath, args: [script, kind, dir], signal: giveUp.signal });
  const clock = watch(dir, giveUp, log);
  const ran = await run;
  clock.abort();
  if (ran.ok) return undefined;
  return giveUp.signal.aborted ? String(giveUp.signal.reason) : 'not reachable';
}

function watch(dir: string, giveUp: AbortController, log: (line: string) => void): AbortController {
  const done = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: done.signal });
  const limits = async () => {
    await pause(BEGIN_WITHIN_MS);
    if ((await readdir(dir)).length === 0)
      return giveUp.abort(`no answer within ${BEGIN_WITHIN_MS / 1_000} s`);
    log('Downloading a Temporal server …');
    await pause(FINISH_WITHIN_MS);
    giveUp.abort(`not finished within ${FINISH_WITHIN_MS / 1_000} s`);
  };
  limits().catch(() => undefined);
  return done;
}
