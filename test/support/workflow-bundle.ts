import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { projectRoot } from '../../dev/project-root.ts';
import { withLock } from '../../dev/run/file-lock.mjs';
import { buildWorkflowBundle } from '../../worker/bundle.ts';

const CACHE = join(projectRoot, '.waybill', 'cache');
const BUDGETS = join('test', 'support', 'whole-second-budgets.ts');
/** What the bundle is made of. */
const SOURCES = [
  ...['contract', 'domain', 'workflows', 'package-lock.json', BUDGETS],
  ...['worker/workflow-failures.cjs', 'worker/bundle.ts'],
];

/**
 * The workflows as they are now, bundled once for all test files: webpack takes seconds, reading a file does not. On the
 * time-skipping server, whose budgets have a gap, with the interceptor that closes it.
 */
export async function workflowBundle(env?: TestWorkflowEnvironment): Promise<{ codePath: string }> {
  const interceptors = env?.supportsTimeSkipping ? [join(projectRoot, BUDGETS)] : [];
  const kind = env?.supportsTimeSkipping ? 'time-skipping' : 'workflows';
  const codePath = join(CACHE, `${kind}-${await fingerprint()}.js`);
  await mkdir(CACHE, { recursive: true });
  await withLock(`${codePath}.lock`, async () => {
    if (existsSync(codePath)) return;
    const { code } = await buildWorkflowBundle(interceptors);
    await writeFile(`${codePath}.unfinished`, code);
    await rename(`${codePath}.unfinished`, codePath);
  });
  return { codePath };
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(projectRoot, source);
    const files = source.includes('.')
      ? [path]
      : (await readdir(path, { recursive: true }))
          .filter((name) => name.endsWith('.ts'))
          .sort()
          .map((name) => join(path, name));
    for (const file of files) {
      const { size, mtimeMs } = await stat(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
