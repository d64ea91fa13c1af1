import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

/** [file, what it imports]: each breaks a rule of `.dependency-cruiser.cjs`. */
const FORBIDDEN_IMPORTS: readonly (readonly [string, string])[] = [
  ['domain/a.ts', '../workflows/z.ts'],
  ['domain/b.ts', '../contract/z.ts'],
  ['domain/orders/c.ts', '../../stripe/z.ts'],
  ['domain/d.ts', 'node:crypto'],
  ['domain/e.ts', '@temporalio/workflow'],
  ['contract/a.ts', '../workflows/z.ts'],
  ['workflows/a.ts', '../api/z.ts'],
  ['workflows/b.ts', '../stripe/z.ts'],
  ['workflows/orders/c.ts', 'node:fs'],
  ['workflows/d.ts', '@temporalio/client'],
  ['activities/a.ts', '../workflows/z.ts'],
  ['activities/b.ts', '../api/z.ts'],
  ['activities/c.ts', '../config.ts'],
  ['stripe/a.ts', '../activities/z.ts'],
  ['stripe-events/a.ts', '../activities/z.ts'],
  ['event-delivery/a.ts', '../stripe-events/z.ts'],
  ['reconciliation/a.ts', '../activities/z.ts'],
  ['temporal/a.ts', '../contract/z.ts'],
  ['telemetry/a.ts', '../api/z.ts'],
  ['api/a.ts', '../workflows/z.ts'],
  ['api/b.ts', '../activities/z.ts'],
  ['api/orders/c.ts', '../accounts/z.ts'],
  ['api/orders/d.ts', '../../event-delivery/z.ts'],
  ['sandbox/a.ts', '../domain/z.ts'],
  ['sandbox/b.ts', 'stripe'],
  ['config/a.ts', '../api/z.ts'],
  ['domain/circle-a.ts', './circle-b.ts'],
];

const ALLOWED_IMPORTS: readonly (readonly [string, string])[] = [
  ['domain/z.ts', 'no-import'],
  ['contract/z.ts', '../domain/z.ts'],
  ['workflows/z.ts', '../contract/z.ts'],
  ['activities/z.ts', '../stripe/z.ts'],
  ['stripe/z.ts', '../contract/z.ts'],
  ['stripe-events/z.ts', '../event-delivery/z.ts'],
  ['event-delivery/z.ts', '../contract/z.ts'],
  ['temporal/z.ts', '../domain/z.ts'],
  ['telemetry/z.ts', '../stripe/z.ts'],
  ['config.ts', '../domain/z.ts'],
  ['api/z.ts', '../contract/z.ts'],
  ['api/backend/z.ts', '../../temporal/z.ts'],
  ['api/accounts/z.ts', '../backend/z.ts'],
  ['api/outgoing-events/z.ts', '../../event-delivery/z.ts'],
  ['worker/z.ts', '../activities/z.ts'],
  ['dev/z.ts', '../worker/z.ts'],
  ['domain/circle-b.ts', 'no-import'],
];

/** [file, what it uses]: what Biome refuses there. */
const FORBIDDEN_GLOBALS: readonly (readonly [string, string])[] = [
  ['domain/l.ts', 'Date.now();'],
  ['domain/m.ts', 'setTimeout(() => {}, 1);'],
  ['contract/l.ts', 'Date.now();'],
  ['workflows/orders/h.ts', 'Date.now();'],
  ['api/f.ts', 'process.env.PORT;'],
  ['sandbox/h.ts', 'process.env.PORT;'],
];

let folder: string;
let refused: Set<string>;

/** The real rules over a folder of their own, with no other file near. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arrows-'));
  for (const name of [
    'biome.json',
    '.gitignore',
    '.dependency-cruiser.cjs',
    'tsconfig.json',
    'package.json',
  ]) {
    copyFileSync(join(projectRoot, name), join(folder, name));
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, module] of [...FORBIDDEN_IMPORTS, ...ALLOWED_IMPORTS]) {
    const from = file === 'domain/circle-b.ts' ? './circle-a.ts' : module;
    write(
      file,
      from === 'no-import'
        ? 'export const z = 1;'
        : `import type * as x from '${from}';\nexport type X = typeof x;`,
    );
  }
  for (const [file, use] of FORBIDDEN_GLOBALS) write(file, use);
  refused = new Set([...(await refusedImports()), ...(await refusedGlobals())]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), `${text}\n`);
}

async function output(script: string, args: readonly string[]): Promise<string> {
  const path = join(projectRoot, 'node_modules', script);
  const run = promisify(execFile)(process.execPath, [path, ...args], { cwd: folder });
  return (await run.catch((error: { stdout: string }) => error)).stdout;
}

async function refusedImports(): Promise<readonly string[]> {
  const rooms = readdirSync(folder).filter((name) => !name.includes('.') && name !== 'node_modules');
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...rooms, 'config.ts'];
  const { summary }: { summary: { violations: { type: string; from: string }[] } } = JSON.parse(
    await output('dependency-cruiser/bin/dependency-cruise.mjs', args),
  );
  return summary.violations.filter(({ type }) => type !== 'folder').map(({ from }) => from);
}

async function refusedGlobals(): Promise<readonly string[]> {
  const rules = ['style/noRestrictedGlobals', 'style/noProcessEnv'].map((rule) => `--only=${rule}`);
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', ...rules];
  const report: { diagnostics: { severity: string; location: { path: string } }[] } = JSON.parse(
    await output('@biomejs/biome/bin/biome', args),
  );
  return report.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ location }) => location.path);
}

describe('the import rules', () => {
  it.each([...FORBIDDEN_IMPORTS, ...FORBIDDEN_GLOBALS])('%s may not use %s', (file) => {
    expect(refused).toContain(file);
  });

  it.each(ALLOWED_IMPORTS.filter(([, module]) => module !== 'no-import'))('%s may import %s', (file) => {
    expect(refused).not.toContain(file);
  });
});
