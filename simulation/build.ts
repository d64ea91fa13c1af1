import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { projectRoot } from '../dev/project-root.ts';
import type { Mutant } from './mutant.ts';

const FOLDER = join(projectRoot, 'node_modules', '.cache', 'waybill-simulation');
const at = (...path: string[]) => join(projectRoot, 'simulation', ...path);

/**
 * What stands in for what in the bundle. Everything else is the code that runs in production; Stripe's client is in it too, since it
 * waits before it repeats a read.
 */
const ALIAS = {
  '@temporalio/workflow': at('runtime', 'index.ts'),
  'node:timers/promises': at('world', 'timers.ts'),
};
const INJECT = {
  'Date.now': [at('world', 'time.ts'), 'simulatedNow'],
  'performance.now': [at('world', 'time.ts'), 'simulatedNow'],
  'Math.random': [at('world', 'time.ts'), 'simulatedRandom'],
  setTimeout: [at('world', 'timers.ts'), 'startTimer'],
  clearTimeout: [at('world', 'timers.ts'), 'clearTimer'],
} as const;

/** The simulation as one script, from the sources; with a mutant, from a copy that is broken in one place. */
export function buildSimulation(mutant: Mutant | null = null): Promise<string> {
  return bundle('simulate', mutant);
}

/** What replays recorded histories on the stand-in. */
export async function loadReplay(): Promise<typeof import('./replay-history.ts')> {
  return import(pathToFileURL(await bundle('replay-history', null)).href);
}

async function bundle(entry: 'simulate' | 'replay-history', mutant: Mutant | null): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const name = mutant?.name.replaceAll(/\W+/g, '-') ?? entry;
  const file = join(FOLDER, `${name}-${process.pid}.mjs`);
  const build = await rolldown({
    input: at(`${entry}.ts`),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !(id in ALIAS) && id !== 'stripe',
    resolve: { alias: ALIAS },
    transform: { inject: INJECT as unknown as Record<string, [string, string]> },
    plugins: mutant ? [breaking(mutant)] : [],
    logLevel: 'silent',
  });
  await build.write({ file, format: 'esm', minify: false });
  await build.close();
  return file;
}

export async function loadSimulation(file: string): Promise<typeof import('./simulate.ts')> {
  return import(pathToFileURL(file).href);
}

function breaking({ file, from, to }: Mutant) {
  const path = join(projectRoot, file);
  return {
    name: 'mutant',
    load(id: string) {
      if (id !== path) return null;
      const code = readFileSync(path, 'utf8');
      if (code.split(from).length !== 2) throw new Error(`${file} does not contain exactly once: ${from}`);
      return { code: code.replace(from, () => to), moduleType: 'ts' as const };
    },
  };
}
