import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirs, type Env, writableCacheDir } from './cache-dir.ts';
import { withLock } from './run/file-lock.mjs';
import { runTool } from './run-tool.ts';

/**
 * The folder of programs that a file of exact versions brings from PyPI, in an environment of its own in the cache; or why
 * there is none. What is a script there runs as `python -m`: it names the folder in which it was installed, which is moved.
 */
export async function pythonTools(
  name: string,
  requirements: string,
  env: Env,
  home: string,
): Promise<{ bin: string } | { missing: string }> {
  const python = await runTool({ command: 'python3', args: ['--version'] });
  if (!python.ok) return { missing: python.why };
  const pins = createHash('sha256')
    .update(await readFile(requirements))
    .update(python.output)
    .digest('hex');
  const dir = join(writableCacheDir(cacheDirs(env, home)), `${name}-${pins.slice(0, 12)}`);
  return withLock(`${dir}.lock`, async () => {
    const bin = join(dir, 'bin');
    if (existsSync(bin)) return { bin };
    const unfinished = `${dir}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    const made = await runTool({ command: 'python3', args: ['-m', 'venv', unfinished] });
    if (!made.ok) return { missing: made.why };
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', requirements];
    const installed = await runTool({ command: join(unfinished, 'bin', 'python'), args: pip });
    if (!installed.ok) return { missing: installed.why };
    await rename(unfinished, dir);
    return { bin };
  });
}
