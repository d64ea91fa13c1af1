import { parseArgs } from 'node:util';
import { runTool } from './run-tool.ts';

/** What CI holds every change to, beside the tests themselves. `-- --only lint` runs one. */
const STEPS: readonly { name: string; script: string; args: readonly string[] }[] = [
  { name: 'types', script: 'typescript/bin/tsc', args: ['--noEmit'] },
  { name: 'lint', script: '@biomejs/biome/bin/biome', args: ['lint', '--error-on-warnings'] },
  {
    name: 'arrows',
    script: '@biomejs/biome/bin/biome',
    args: ['lint', '--only=style/noRestrictedImports', '--only=style/noRestrictedGlobals'],
  },
  { name: 'format', script: '@biomejs/biome/bin/biome', args: ['format'] },
  { name: 'replay of recorded histories', script: 'vitest/vitest.mjs', args: ['run', 'test/replay'] },
  { name: 'coverage of domain/', script: 'vitest/vitest.mjs', args: ['run', '--coverage', 'test/domain'] },
];

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const steps = STEPS.filter(({ name }) => values.only === undefined || name.startsWith(values.only));
let failed = 0;
for (const { name, script, args } of steps) {
  const startedMs = performance.now();
  const run = await runTool({ command: process.execPath, args: [`node_modules/${script}`, ...args] });
  const took = `${((performance.now() - startedMs) / 1_000).toFixed(1)} s`;
  console.log(`${run.ok ? '✓' : '✗'} ${name} (${took})`);
  if (run.ok) continue;
  failed++;
  console.log(run.output);
}
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || steps.length === 0 ? 1 : 0;
