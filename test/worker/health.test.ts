import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { listenOptions } from '../../worker/health.ts';
import { ensureBuilt } from '../support/build.ts';
import { startTestServer } from '../support/temporal.ts';
import { WITHIN } from '../support/within.ts';

let part: ChildProcess | undefined;
let output = '';
beforeAll(() => ensureBuilt(), 300_000);
afterEach(async () => {
  if (part?.exitCode === null && part.kill('SIGKILL')) await once(part, 'exit');
  part = undefined;
});

function run(script: string, env: Record<string, string>): ChildProcess {
  output = '';
  const child = spawn(process.execPath, [join(projectRoot, 'dist', script)], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  part = child;
  return child;
}

it.each([
  ['0.0.0.0:9465', '0.0.0.0'],
  ['[::]:9465', '::'],
  [':::9465', '::'],
  ['worker-1:9465', 'worker-1'],
])('the address %s is the host %s', (address, host) => {
  expect(listenOptions(address)).toEqual({ host, port: 9465 });
});

describe('a worker', () => {
  it('waits for Temporal and says so; it is ready once Temporal answers', async () => {
    const [temporalPort, healthPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
    const worker = run('worker/main.js', {
      TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
      WORKER_HEALTH_ADDRESS: `127.0.0.1:${healthPort}`,
      WORKER_METRICS_ADDRESS: `127.0.0.1:${metricsPort}`,
      // Nobody listens there: each call is counted as unanswered.
      STRIPE_API_BASE: 'http://127.0.0.1:9',
    });
    const ask = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${healthPort}${path}`);
      return { status: answer.status, body: await answer.json() };
    };
    const scrape = async () => {
      const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
      return { status: answer.status, text: await answer.text() };
    };
    await vi.waitFor(() => expect(output).toContain('waiting for Temporal'), WITHIN);
    expect(await ask('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await ask('/readyz')).toEqual({
      status: 503,
      body: {
        status: 'not_ready',
        worker: 'waiting',
        temporal: 'unreachable',
        waiting_for: `Temporal at 127.0.0.1:${temporalPort}`,
      },
    });
    // Otherwise Prometheus takes a worker that waits for one that is gone.
    expect(await scrape()).toMatchObject({ status: 200 });
    expect(worker.exitCode).toBeNull();

    const env: TestWorkflowEnvironment = await startTestServer([], temporalPort);
    try {
      await vi.waitFor(async () => {
        expect(await ask('/readyz')).toEqual({
          status: 200,
          body: { status: 'ready', worker: 'running', temporal: 'reachable' },
        });
      }, WITHIN);
      // Its meters are those of the port that was there from the start.
      expect((await scrape()).text).toMatch(
        /^waybill_stripe_request_duration_seconds_count\{.*outcome="no_answer".*\} [1-9]/m,
      );
      worker.kill('SIGTERM');
      await once(worker, 'exit');
      expect(worker.exitCode).toBe(0);
    } finally {
      await env.teardown();
    }
  });
});

it.each(['SIGTERM', 'SIGINT'] as const)('a worker that waits for Temporal ends at %s', async (signal) => {
  const worker = run('worker/main.js', { TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` });
  await vi.waitFor(() => expect(output).toContain('waiting for Temporal'), WITHIN);
  worker.kill(signal);
  expect(await once(worker, 'exit')).toEqual([0, null]);
});

describe('a wrong variable', () => {
  it.each([
    ['worker/main.js', { WAYBILL_RETRY_BUDGET_SECONDS: 'soon' }, 'WAYBILL_RETRY_BUDGET_SECONDS'],
    ['api/main.js', { API_PORT: '0' }, 'API_PORT'],
    ['dev/sandbox.js', { SANDBOX_PORT: 'x' }, 'SANDBOX_PORT'],
    ['worker/prepare-namespace.js', { WAYBILL_RETENTION_DAYS: 'long' }, 'WAYBILL_RETENTION_DAYS'],
  ])('ends %s with one line that names it', async (script, env, name) => {
    const [code] = await once(run(script, env), 'close');
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([expect.stringContaining(name)]);
  });
});
