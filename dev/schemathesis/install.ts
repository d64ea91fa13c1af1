import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirs, type Env, writableCacheDir } from '../cache-dir.ts';
import { projectRoot } from '../project-root.ts';
import { withLock } from '../run/file-lock.mjs';
import { runTool } from '../run-tool.ts';

const REQUIREMENTS = join(projectRoot, 'dev', 'schemathesis', 'requirements.txt');

/** A Python that has schemathesis, in an environment of its own in the cache; or why there is none. */
export async function schemathesisPython(
  env: Env,
  home: string,
): Promise<{ path: string } | { missing: string }> {
  const python = await runTool({ command: 'python3', args: ['--version'] });
  if (!python.ok) return { missing: python.why };
  const pins = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .update(python.output)
    .digest('hex');
  const dir = join(writableCacheDir(cacheDirs(env, home)), `schemathesis-${pins.slice(0, 12)}`);
  return withLock(`${dir}.lock`, async () => {
    const path = join(dir, 'bin', 'python');
    if (existsSync(path)) return { path };
    const unfinished = `${dir}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    const made = await runTool({ command: 'python3', args: ['-m', 'venv', unfinished] });
    if (!made.ok) return { missing: made.why };
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', REQUIREMENTS];
    const installed = await runTool({ command: join(unfinished, 'bin', 'python'), args: pip });
    if (!installed.ok) return { missing: installed.why };
    await rename(unfinished, dir);
    return { path };
  });
}
