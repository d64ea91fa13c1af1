import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import type { DocumentedWorld } from './documented-world.ts';
import { APPROVED_ABOVE, fillDocumentedWorld, KEYS } from './documented-world.ts';
import { WITHIN } from './support.ts';

const DOCS = ['', 'guides', 'deploy', 'security'].flatMap((folder) =>
  readdirSync(join(projectRoot, 'docs', folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', folder, file)),
);
/** In the order in which their commands run: the sandbox's own page ends with a fault. */
const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md', 'samples/README.md'],
  ...['client/README.md', 'test/histories/README.md'],
  ...DOCS,
  'sandbox/README.md',
];
const BIN = join(projectRoot, 'cli', 'bin', 'waybill.mjs');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));

function read(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8');
}

/** What a document shows in its blocks of shell, one command each, however many lines it has. */
function commandsIn(document: string): string[] {
  const blocks = [...read(document).matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)].map(
    ([, , text = '']) => text,
  );
  return blocks.flatMap((block) => {
    const commands: string[] = [];
    let command = '';
    for (const shown of block.split('\n')) {
      const line = shown.replace(/ +# .*/, '');
      command = command === '' ? line.trim() : `${command}\n${line}`;
      const isOpen = command.endsWith('\\') || (command.match(/'/g) ?? []).length % 2 === 1;
      if (isOpen || command === '') continue;
      if (!command.startsWith('#')) commands.push(command);
      command = '';
    }
    return commands;
  });
}

const COMMANDS = DOCUMENTS.flatMap((document) =>
  commandsIn(document).map((command) => [document, command] as const),
);
const starting = (...words: readonly string[]) =>
  COMMANDS.filter(([, command]) => words.some((word) => withoutVariables(command).startsWith(`${word} `)));

/** Of `NAME=value npm run …` only what is run. */
function withoutVariables(command: string): string {
  return command.replace(/^(?:[A-Z_]+=\S+ +)+/, '');
}

let waybill: Waybill;
let world: DocumentedWorld;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'documented-'));
  const auditDir = join(folder, 'audit');
  mkdirSync(auditDir);
  copyFileSync(join(projectRoot, '.env.example'), join(folder, '.env.example'));
  const approval = { above: { usd: APPROVED_ABOVE }, withinMs: 3_600_000 };
  const policy = { approval, retryBudgetMs: 1_500 };
  waybill = await startWaybill(policy, { webhooks: true }, { api: { auditDir, keys: KEYS } });
  world = await fillDocumentedWorld(waybill);
});
afterAll(async () => {
  await world?.stop();
  await waybill?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(command: string, env: Readonly<Record<string, string>> = process.env as never) {
  return (await promisify(execFile)('sh', ['-ec', command], { cwd: folder, env })).stdout;
}

describe('a command in a document', () => {
  it('is of a kind that is tried here', () => {
    expect(COMMANDS.length).toBeGreaterThan(20);
    const tried = starting('curl', 'npm', 'npx waybill', 'temporal', 'cp', 'set', 'export', 'echo');
    expect(COMMANDS.filter((command) => !tried.includes(command))).toEqual([]);
  });

  it.each(starting('curl'))('%s: %s', async (_, command) => {
    const here = command
      .replace('http://127.0.0.1:3000', waybill.apiUrl)
      .replace('localhost:12111', new URL(waybill.sandboxUrl).host);
    expect(here).not.toBe(command);
    const answer = await run(`${here} -w '\\n%{http_code}'`);
    expect(answer).toMatch(/\n2\d\d$/);
  });

  it.each(starting('temporal'))('%s: %s', async (_, command) => {
    const temporal = inject('temporal');
    if ('missing' in temporal) throw new Error(temporal.missing);
    const here = command.replace(/^temporal/, temporal.path).replace('order/ORDER', 'order/order-17');
    await run(`${here} --address ${waybill.env.address}`);
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', '/v1/orders/order-17/timeline');
      // Nothing is stuck: it arrived, and it was understood.
      expect(JSON.stringify(body)).toContain('Nothing needs attention here.');
    }, WITHIN);
  });

  it.each(starting('cp', 'set', 'export', 'echo'))('%s: %s', async (_, command) => {
    await run(command);
  });

  /** On a terminal it would ask first; without one it refuses and says what to add. */
  it.each(starting('npx waybill'))('%s: %s', async (_, command) => {
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      NO_COLOR: '1',
      WAYBILL_URL: waybill.apiUrl,
      WAYBILL_API_KEYS_FILE: join(folder, 'keys.json'),
    };
    const tryIt = async (line: string) => {
      const here = (await world.prepared(line))
        .replace('/var/log/waybill/audit', join(folder, 'audit'))
        .replace(/audit-\S+:HASH/, () => headOf(join(folder, 'audit')))
        .replace(/^npx waybill/, `'${process.execPath}' '${BIN}'`);
      await run(here, env);
    };
    await tryIt(command).catch(async (error: { code: number; stderr: string }) => {
      expect(error).toMatchObject({ code: 2, stderr: expect.stringContaining('give --yes') });
      await tryIt(`${command} --yes`);
    });
  });
});

/** Where an audit log ended, as the service's ordinary log has it. */
function headOf(auditDir: string): string {
  const [file = ''] = readdirSync(auditDir).sort();
  const last = readFileSync(join(auditDir, file), 'utf8').trim().split('\n').at(-1) ?? '';
  const { seq, hash } = JSON.parse(last);
  return `${file}:${seq}:${hash}`;
}

/** What runs each script of package.json: CI itself, a test that spawns it, or one that runs the module its entry runs. */
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
};

/** Builds the site for minutes, from packages of its own; test/lint/site looks at what it is made of. */
const BY_HAND = ['docs'];

describe('npm in a document', () => {
  const inBlocks = starting('npm').map(([document, command]) => [
    document,
    withoutVariables(command).replace(/ +#.*/, ''),
  ]);
  const inText = DOCUMENTS.flatMap((document) =>
    [...read(document).matchAll(/`((?:npm (?:run |start|test)|npx(?! waybill) )[^`]*)`/g)].map(
      ([, command = '']) => [document, command],
    ),
  );
  it.each([...inBlocks, ...inText])('%s: %s', (_, command = '') => {
    const [, script, file] =
      /^npm (?:run )?([\w-]+)/.exec(command) ?? /^npx (vitest) run (\S+)/.exec(command) ?? [];
    if (file) expect(existsSync(join(projectRoot, file))).toBe(true);
    else expect(Object.keys(scripts)).toContain(script);
  });

  it('is of a script that something runs', () => {
    const named = [...inBlocks, ...inText].flatMap(
      ([, command = '']) => /^npm (?:run )?([\w-]+)/.exec(command)?.[1] ?? [],
    );
    expect([...new Set(named)].filter((script) => !(script in RUN_BY))).toEqual(BY_HAND);
    expect(named.length).toBeGreaterThan(30);
  });

  it.each(Object.entries(RUN_BY))('npm run %s is run by %j', (script, [file, how]) => {
    expect(Object.keys(scripts)).toContain(script);
    expect(read(file)).toContain(how);
    // Not the script itself but what its entry runs: the entry still runs it.
    const [, entry] = new RegExp(`^  ${script}: '(.*)\\.js'`, 'm').exec(read('dev/run.mjs')) ?? [];
    if (how.endsWith('.ts')) expect(read(`${entry}.ts`)).toContain(how.split('/').slice(1).join('/'));
  });
});
