import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { benchOptions } from '../../bench/options.ts';
import { chaosOptions } from '../../dev/chaos/options.ts';
import { demoOptions } from '../../dev/demo/options.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { fuzzOptions } from '../../dev/schemathesis/options.ts';
import { startOptions } from '../../dev/start/options.ts';
import { simulationOptions } from '../../simulation/options.ts';
import { deploymentAction } from '../../worker/deployment-action.ts';
import { DOCUMENTS, read, starting, withoutVariables } from '../support/documents.ts';

/** What runs each script of package.json: CI itself, a step of `verify`, a test that spawns it, or one that runs the module its entry runs. */
const RUN_BY: Readonly<Record<string, readonly [file: string, how: string]>> = {
  start: ['test/dev/start.test.ts', "run('npm', ['start'])"],
  demo: ['test/demo/demo.test.ts', "[script, 'demo', ...args]"],
  checkout: ['test/samples/checkout.test.ts', "'run.mjs'), 'checkout'"],
  test: ['.ci/run', '\nnpm test -- --long '],
  verify: ['.ci/run', '\nnpm run verify '],
  build: ['test/support/build.ts', "'run.mjs'), 'build'"],
  worker: ['test/long/rolling-deploy.test.ts', 'dist/worker/main.js'],
  api: ['test/chaos/few-files.test.ts', 'dist/api/main.js'],
  sandbox: ['test/sandbox/full-disk.test.ts', 'dist/dev/sandbox.js'],
  chaos: ['test/chaos/drill.test.ts', 'dev/chaos/drill.ts'],
  cluster: ['test/support/temporal-setup.ts', 'dev/cluster/start-cluster.ts'],
  bench: ['test/bench/order-path.test.ts', 'bench/order-path/measure.ts'],
  simulate: ['test/simulation/mutants.test.ts', 'simulation/hunt.ts'],
  fuzz: ['test/e2e/openapi-fuzz.test.ts', 'dev/schemathesis/fuzz.ts'],
  deployment: ['test/worker/deployment.test.ts', 'worker/deployment.ts'],
  temporal: ['test/support/temporal-setup.ts', 'dev/temporal/'],
  generate: ['test/client/generated.test.ts', 'dev/client/generate.ts'],
  histories: ['test/replay/replay.test.ts', 'the histories that today’s code makes'],
  screenshots: ['test/console/screenshots.test.ts', 'keepScreenshots'],
  docs: ['dev/verify.ts', "'dev/run.mjs', 'docs', '--check'"],
};

/** What the script of each command makes of its arguments; throws, or null, where it takes no such ones. */
const TAKES: Readonly<Record<string, (args: readonly string[]) => unknown>> = {
  start: startOptions,
  demo: demoOptions,
  bench: benchOptions,
  chaos: chaosOptions,
  fuzz: fuzzOptions,
  simulate: simulationOptions,
  deployment: deploymentAction,
  histories: (args) => areSpelt('dev/histories.ts', args),
  docs: (args) => areOptions('dev/docs.ts', args),
  verify: (args) => areOptions('dev/verify.ts', args),
  test: (args) => areSpelt('dev/run.mjs', args),
};

/** Where the script only compares words: its source has them. Null: not all. */
function areSpelt(file: string, args: readonly string[]): true | null {
  return args.every((arg) => read(file).includes(`'${arg}'`)) ? true : null;
}

/** Where the script has its options to itself: its source declares them. Null: not all. */
function areOptions(file: string, args: readonly string[]): true | null {
  const named = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice('--'.length));
  return named.every((option) => read(file).includes(`{ ${option}: { type: `)) ? true : null;
}

/** What documents write in place of a value, and a value. */
const PLACEHOLDERS: readonly (readonly [shown: string, value: string])[] = [
  ['<build id>', '0.1.0'],
  ['<percent>', '10'],
];

interface NpmCommand {
  readonly script: string;
  readonly workspace: string | null;
  readonly args: readonly string[];
}

/** Null: not in the form in which npm hands everything on. */
function parsed(command: string): NpmCommand | null {
  const [, script, workspace = null, args = ''] =
    /^npm (?:run )?([\w-]+)(?: -w (\S+))?(?: +-- +(.+))?$/.exec(command.trim()) ?? [];
  if (script === undefined) return null;
  const filled = PLACEHOLDERS.reduce((text, [shown, value]) => text.replaceAll(shown, value), args);
  return { script, workspace, args: filled.split(/\s+/).filter((arg) => arg !== '') };
}

function scriptsOf(folder: string): readonly string[] {
  return Object.keys(JSON.parse(read(join(folder, 'package.json'))).scripts);
}

/** What the pattern's group finds, each with its document. */
function found(pattern: RegExp): readonly (readonly [document: string, command: string])[] {
  return DOCUMENTS.flatMap((document) =>
    [...read(document).matchAll(pattern)].map(([, command = '']) => [document, command] as const),
  );
}

const inBlocks = starting('npm').map(([document, command]) => [document, withoutVariables(command)] as const);
const inText = found(/`(npm (?:run |start|test)[^`]*)`/g);
/** In tables, options follow the command that they are of: ``| `npm run fuzz` | …; `-- --seed 7` |``. */
const inTables = DOCUMENTS.flatMap((document) =>
  [...read(document).matchAll(/^\| `(npm [^`]+)` \|(.*)$/gm)].flatMap(([, command = '', row = '']) =>
    [...row.matchAll(/`(-- [^`]+)`/g)].map(([, args = '']) => [document, `${command} ${args}`] as const),
  ),
);
const SHOWN = [...inBlocks, ...inText, ...inTables];

describe('npm in a document', () => {
  it('is found in blocks, in sentences and in tables', () => {
    const fewest = [inBlocks, inText, inTables].map((shown) => shown.length);
    expect(Math.min(...fewest)).toBeGreaterThan(5);
  });

  it.each(SHOWN)('%s: %s', (_, command) => {
    const { script = '', workspace = null, args = [] } = parsed(command) ?? {};
    expect(scriptsOf(workspace ?? '.')).toContain(script);
    if (args.length === 0) return;
    const take = TAKES[script];
    if (!take) throw new Error(`npm run ${script} takes no arguments`);
    expect(take(args)).not.toBeNull();
  });

  it.each(Object.entries(TAKES))('npm run %s takes no option that it does not know', (_, take) => {
    const tried = () => {
      if (take(['--no-such-option']) === null) throw new Error('null');
    };
    expect(tried).toThrow();
  });

  it('is of a script that something runs', () => {
    const named = SHOWN.map(([, command]) => parsed(command)?.script ?? '');
    expect([...new Set(named)].filter((script) => !(script in RUN_BY))).toEqual([]);
    expect(named.length).toBeGreaterThan(30);
  });

  it.each(found(/\b(npx (?!waybill\b)[^`\n]*)/g))('%s: %s', (_, command) => {
    const [, file = 'none'] = /^npx vitest run (test\/\S+)/.exec(command) ?? [];
    expect(existsSync(join(projectRoot, file))).toBe(true);
  });

  it.each(Object.entries(RUN_BY))('npm run %s is run by %j', (script, [file, how]) => {
    expect(scriptsOf('.')).toContain(script);
    expect(read(file)).toContain(how);
    // Not the script itself but what its entry runs: the entry still runs it.
    const [, entry] = new RegExp(`^  ${script}: '(.*)\\.js'`, 'm').exec(read('dev/run.mjs')) ?? [];
    if (how.endsWith('.ts')) expect(read(`${entry}.ts`)).toContain(how.split('/').slice(1).join('/'));
  });
});
