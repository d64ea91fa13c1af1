import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePorts, type Ports } from '../../dev/processes/ports.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { ensureBuilt } from '../support/build.ts';

/** Far beyond what it takes (seconds, see bench/README.md): machines that run tests are busy. */
const READY_WITHIN_MS = 90_000;

let home: string;
let ports: Ports;
let start: ChildProcess;
let output = '';

beforeAll(async () => {
  ensureBuilt();
  home = await mkdtemp(join(tmpdir(), 'waybill-start-'));
  ports = await freePorts();
});
afterAll(async () => {
  start?.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

function npmStart(...args: string[]): ChildProcess {
  return run(process.execPath, [join(projectRoot, 'dev', 'run.mjs'), 'start', ...args]);
}

function run(command: string, args: readonly string[]): ChildProcess {
  output = '';
  const child = spawn(command, args, {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      API_PORT: String(ports.api),
      SANDBOX_PORT: String(ports.sandbox),
      TEMPORAL_PORT: String(ports.temporal),
      TEMPORAL_UI_PORT: String(ports.temporalUi),
      WAYBILL_HOME: home,
      STRIPE_SECRET_KEY: '',
      STRIPE_API_BASE: '',
      TEMPORAL_ADDRESS: '',
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return child;
}

const shows = (text: string | RegExp) =>
  vi.waitFor(() => expect(output).toMatch(text), { timeout: READY_WITHIN_MS, interval: 50 });

it('brings everything up, and says where it is, who is there and what to try', async () => {
  start = npmStart('--fresh');
  await shows('Waybill is up');
  await shows(`http://127.0.0.1:${ports.api}`);
  await shows(`http://127.0.0.1:${ports.temporalUi}`);
  await shows(/acct_\w+ {2}DE custom, eur/);
  await shows(/curl -s .*\/v1\/orders/);
});

it('refuses to start a second time on the same data or ports', async () => {
  const second = npmStart();
  const [code] = await once(second, 'close');
  expect(code).toBe(1);
  expect(output).toMatch(/TEMPORAL_PORT|API_PORT|SANDBOX_PORT|WAYBILL_HOME/);
});

it('ends in order at Ctrl-C, also when that arrives twice as under npm', async () => {
  start.kill('SIGINT');
  start.kill('SIGINT');
  const [code] = await once(start, 'exit');
  expect(code).toBe(0);
  await expect(fetch(`http://127.0.0.1:${ports.api}/healthz`)).rejects.toThrow();
});

it('ends in order when npm is killed, which signals nobody behind its shell', async () => {
  start = run('npm', ['start']);
  await shows('Waybill is up');
  start.kill('SIGTERM');
  await shows('Stopped.');
  await expect(fetch(`http://127.0.0.1:${ports.api}/healthz`)).rejects.toThrow();
});
