import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from './support.ts';

const DOCS = ['', 'guides'].flatMap((folder) =>
  readdirSync(join(projectRoot, 'docs', folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', folder, file)),
);
/** In the order in which their commands run: the sandbox's own page ends with a fault. */
const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'bench/README.md', 'samples/README.md', 'test/histories/README.md'],
  ...DOCS,
  'sandbox/README.md',
];
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
    for (const line of block.split('\n')) {
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
let folder: string;
beforeAll(async () => {
  waybill = await startWaybill();
  folder = mkdtempSync(join(tmpdir(), 'documented-'));
  copyFileSync(join(projectRoot, '.env.example'), join(folder, '.env.example'));
});
afterAll(async () => {
  await waybill?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(command: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-ec', command], { cwd: folder })).stdout;
}

describe('a command in a document', () => {
  it('is of a kind that is tried here', () => {
    expect(COMMANDS.length).toBeGreaterThan(20);
    // test/cli tries those of the command line.
    const tried = starting('curl', 'npm', 'npx waybill', 'temporal', 'cp', 'set', 'export');
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

  it.each(starting('cp', 'set', 'export'))('%s: %s', async (_, command) => {
    await run(command);
  });
});

describe('npm in a document', () => {
  const inBlocks = starting('npm').map(([document, command]) => [
    document,
    withoutVariables(command).replace(/ +#.*/, ''),
  ]);
  const inText = DOCUMENTS.flatMap((document) =>
    [...read(document).matchAll(/`((?:npm|npx(?! waybill)) [^`]+)`/g)].map(([, command = '']) => [
      document,
      command,
    ]),
  );
  it.each([...inBlocks, ...inText])('%s: %s', (_, command = '') => {
    const [, script, file] =
      /^npm (?:run )?([\w-]+)/.exec(command) ?? /^npx (vitest) run (\S+)/.exec(command) ?? [];
    if (file) expect(existsSync(join(projectRoot, file))).toBe(true);
    else expect(Object.keys(scripts)).toContain(script);
  });
});
