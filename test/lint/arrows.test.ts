import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

/** [file, what it imports or uses]: each breaks an arrow of docs/ARCHITECTURE.md. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ['domain/a.ts', "import '../workflows/order.ts';"],
  ['domain/b.ts', "import '../activities/index.ts';"],
  ['domain/c.ts', "import '../api/app.ts';"],
  ['domain/d.ts', "import '../worker/bundle.ts';"],
  ['domain/e.ts', "import '../sandbox/index.ts';"],
  ['domain/f.ts', "import '../dev/stack.ts';"],
  ['domain/g.ts', "import '../config.ts';"],
  ['domain/o.ts', "import '../config/secrets.ts';"],
  ['domain/h.ts', "import '../stripe/errors.ts';"],
  ['domain/i.ts', "import 'node:crypto';"],
  ['domain/j.ts', "import '@temporalio/workflow';"],
  ['domain/k.ts', "import 'stripe';"],
  ['domain/l.ts', 'Date.now();'],
  ['domain/m.ts', 'setTimeout(() => {}, 1);'],
  ['domain/deeper/a.ts', "import '../../workflows/orders/order.ts';"],
  ['workflows/a.ts', "import '../api/app.ts';"],
  ['workflows/b.ts', "import '../worker/bundle.ts';"],
  ['workflows/c.ts', "import '../sandbox/index.ts';"],
  ['workflows/d.ts', "import '../config.ts';"],
  ['workflows/e.ts', "import '../stripe/errors.ts';"],
  ['workflows/f.ts', "import 'node:fs';"],
  ['workflows/g.ts', "import '@temporalio/client';"],
  ['workflows/h.ts', 'Date.now();'],
  ['activities/a.ts', "import '../workflows/order.ts';"],
  ['activities/b.ts', "import '../api/app.ts';"],
  ['activities/c.ts', "import '../worker/bundle.ts';"],
  ['activities/d.ts', "import '../sandbox/index.ts';"],
  ['activities/e.ts', "import '../config.ts';"],
  ['stripe/a.ts', "import '../workflows/order.ts';"],
  ['stripe/b.ts', "import '../activities/index.ts';"],
  ['stripe/c.ts', "import '../sandbox/index.ts';"],
  ['stripe/d.ts', "import '../config.ts';"],
  ['domain/n.ts', "import '../stripe-events/deliver.ts';"],
  ['workflows/i.ts', "import '../stripe-events/deliver.ts';"],
  ['stripe-events/a.ts', "import '../workflows/order.ts';"],
  ['stripe-events/b.ts', "import '../activities/index.ts';"],
  ['stripe-events/c.ts', "import '../api/app.ts';"],
  ['stripe-events/d.ts', "import '../sandbox/index.ts';"],
  ['stripe-events/e.ts', "import '../config.ts';"],
  ['reconciliation/a.ts', "import '../activities/index.ts';"],
  ['reconciliation/b.ts', "import '../workflows/order.ts';"],
  ['event-delivery/a.ts', "import '../activities/index.ts';"],
  ['event-delivery/b.ts', "import '../workflows/order.ts';"],
  ['event-delivery/c.ts', "import '../api/app.ts';"],
  ['workflows/k.ts', "import '../event-delivery/post.ts';"],
  ['workflows/j.ts', "import '../reconciliation/orders.ts';"],
  ['workflows/l.ts', "import '../temporal/ask.ts';"],
  ['temporal/a.ts', "import '../api/app.ts';"],
  ['temporal/b.ts', "import '../workflows/order.ts';"],
  ['api/a.ts', "import '../activities/index.ts';"],
  ['api/b.ts', "import '../worker/bundle.ts';"],
  ['api/c.ts', "import '../sandbox/index.ts';"],
  ['api/d.ts', "import '../dev/stack.ts';"],
  ['api/e.ts', "import '../workflows/order.ts';"],
  ['api/f.ts', 'process.env.PORT;'],
  ['api/routes/a.ts', "import '../../sandbox/index.ts';"],
  ['sandbox/a.ts', "import '../domain/money.ts';"],
  ['sandbox/b.ts', "import '../workflows/order.ts';"],
  ['sandbox/c.ts', "import '../activities/index.ts';"],
  ['sandbox/d.ts', "import '../api/app.ts';"],
  ['sandbox/e.ts', "import '../config.ts';"],
  ['sandbox/f.ts', "import '../stripe/client.ts';"],
  ['sandbox/g.ts', "import 'stripe';"],
  ['sandbox/h.ts', 'process.env.PORT;'],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['domain/z.ts', "import './money.ts';"],
  ['workflows/z.ts', "import '../domain/money.ts';"],
  [
    'workflows/y.ts',
    "import type { Activities } from '../activities/index.ts';\nexport type A = Activities;",
  ],
  ['activities/z.ts', "import '../domain/money.ts';"],
  ['activities/y.ts', "import '../stripe/errors.ts';"],
  ['reconciliation/z.ts', "import '../workflows/event-messages.ts';"],
  ['api/z.ts', "import '../domain/money.ts';"],
  ['api/x.ts', "import '../temporal/ask.ts';"],
  ['api/y.ts', "import '../workflows/event-messages.ts';"],
  ['worker/z.ts', "import '../activities/index.ts';"],
  ['dev/z.ts', "import '../sandbox/index.ts';"],
  ['config.ts', 'process.env.PORT;'],
];

const RULES = ['style/noRestrictedImports', 'style/noRestrictedGlobals', 'style/noProcessEnv'];

let folder: string;
let refused: Set<string>;

/** One run over all of them in a folder of their own: the real rules, no other file near. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arrows-'));
  for (const name of ['biome.json', '.gitignore']) copyFileSync(join(projectRoot, name), join(folder, name));
  for (const [file, text] of [...FORBIDDEN, ...ALLOWED]) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  }
  const biome = join(projectRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [
    biome,
    'lint',
    '--reporter=json',
    '--max-diagnostics=none',
    ...RULES.map((rule) => `--only=${rule}`),
  ];
  const run = promisify(execFile)(process.execPath, args, { cwd: folder });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const report: { diagnostics: { severity: string; location: { path: string } }[] } = JSON.parse(stdout);
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  refused = new Set(errors.map(({ location }) => location.path));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the import arrows', () => {
  it.each(FORBIDDEN)('%s may not: %s', (file) => {
    expect(refused).toContain(file);
  });

  it.each(ALLOWED)('%s may: %s', (file) => {
    expect(refused).not.toContain(file);
  });
});
