import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManagedProcess, type ManagedProcessOptions } from '../../dev/processes/managed-process.ts';
import { withOrphanGuard } from '../../dev/processes/orphan-guard.ts';
import { RestartBudget } from '../../dev/processes/restart-budget.ts';
import { WITHIN } from '../support/within.ts';

let dir: string;
let reports: string[];
let part: ManagedProcess;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waybill-part-'));
  reports = [];
});
afterEach(async () => {
  await part.stop();
  await rm(dir, { recursive: true });
});

const SERVER = 'console.log("part ready"); setInterval(() => {}, 1000)';

function run(script: string, options: Partial<ManagedProcessOptions> = {}): ManagedProcess {
  part = new ManagedProcess({
    name: 'part',
    logFile: join(dir, 'part.log'),
    launch: async () => ({
      command: process.execPath,
      args: ['-e', script],
      env: process.env,
      ready: { prints: 'part ready' },
    }),
    supervise: false,
    report: (line) => reports.push(line),
    onLine: () => undefined,
    onGivenUp: (why) => reports.push(why),
    ...options,
  });
  return part;
}

describe('a part of the system', () => {
  it('is up when it says so, logs to its file, and is gone when stopped', async () => {
    await run(SERVER).start();
    const { pid = 0 } = part;
    expect(isAlive(pid)).toBe(true);
    await part.stop();
    expect(isAlive(pid)).toBe(false);
    expect(await readFile(join(dir, 'part.log'), 'utf8')).toBe('part ready\n');
    expect(reports).toEqual([]);
  });

  it('that ends before it is ready says why', async () => {
    const start = run('console.error("no such key"); process.exit(3)').start();
    await expect(start).rejects.toThrow(/part ended before it was ready \(exit code 3\)[\s\S]*no such key/);
  });

  it('that is killed stays down until it is restarted', async () => {
    await run(SERVER).start();
    await part.kill('SIGKILL');
    expect(part.pid).toBeUndefined();
    await part.restart();
    expect(part.pid).toBeGreaterThan(0);
  });

  it('that dies under supervision is reported and comes back', async () => {
    await run(SERVER, { supervise: true }).start();
    const before = part.pid;
    await part.kill('SIGKILL');
    await vi.waitFor(() => expect(reports).toHaveLength(2), WITHIN);
    expect(reports[0]).toMatch(/part died \(SIGKILL\)/);
    expect(reports[1]).toBe('part is back');
    expect(part.pid).not.toBe(before);
  });

  it('does not outlive a parent that was killed', async () => {
    const lines: string[] = [];
    const { command, args } = withOrphanGuard(process.execPath, ['-e', SERVER]);
    const parent = `
      const options = { detached: true, stdio: ['pipe', 'ignore', 'ignore'] };
      const child = require('node:child_process').spawn(${JSON.stringify(command)}, ${JSON.stringify(args)}, options);
      console.log('part ready', child.pid);
      setInterval(() => {}, 1000);`;
    await run(parent, { onLine: (line) => lines.push(line) }).start();
    const child = Number(lines[0]?.split(' ')[2]);
    expect(isAlive(child)).toBe(true);
    await part.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(child)).toBe(false), WITHIN);
  });
});

it('restarts come later each time, and end when deaths don’t', () => {
  const budget = new RestartBudget();
  const delays = Array.from({ length: 10 }, (_, second) => budget.nextDelayMs(second * 1_000));
  expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, undefined, undefined]);
  expect(budget.nextDelayMs(1_000_000)).toBe(250);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
