import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, it } from 'vitest';
import { scenarios } from '../../dev/demo/scenarios/index.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { ensureBuilt } from '../support/build.ts';

beforeAll(ensureBuilt);

it('plays every scenario to the right cent, and says so in one JSON document', async () => {
  const { code, stdout, stderr } = await demo('--once', '--json');
  const { scenarios: played, ...result } = JSON.parse(stdout) as Result;

  const wrong = played.filter(({ ok }) => !ok);
  expect(wrong, stderr).toEqual([]);
  expect(played.map(({ name }) => name)).toEqual(scenarios.map(({ name }) => name));
  expect(result.ledger_sum).toEqual({ usd: 0, eur: 0 });
  expect(new Set(played.flatMap(({ ledger_sum }) => Object.values(ledger_sum)))).toEqual(new Set([0]));
  expect(result).toMatchObject({ ok: true, error: null });
  expect(code).toBe(0);
}, 300_000);

it.each([
  { args: ['--onec'], says: "Unknown option '--onec'" },
  { args: ['--once', 'fast'], says: "Unexpected argument 'fast'" },
  { args: ['--json'], says: '--json needs --once' },
])('refuses $args before it starts anything', async ({ args, says }) => {
  const { code, stdout, stderr } = await demo(...args);
  expect(stderr).toContain(says);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

interface Result {
  ok: boolean;
  error: string | null;
  ledger_sum: Record<string, number>;
  scenarios: { name: string; ok: boolean; ledger_sum: Record<string, number> }[];
}

/** As `npm run demo -- …` runs it. */
async function demo(...args: string[]) {
  const script = join(projectRoot, 'dev', 'run.mjs');
  const child = spawn(process.execPath, [script, 'demo', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
