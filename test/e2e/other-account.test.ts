import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { rememberAccount } from '../../temporal/stripe-account.ts';
import { serveApp } from '../api/serve-app.ts';
import { ensureBuilt } from '../support/build.ts';
import { startTestServer } from '../support/temporal.ts';
import { WITHIN } from '../support/within.ts';

/** Whose key Stripe takes it for; null: it answers with 503. */
let account: string | null = 'acct_first';
/** What Stripe was asked, apart from whose key it is. */
let asked: string[] = [];
const stripe = createServer((request, response) => {
  if (request.url !== '/v1/account') asked.push(`${request.method} ${request.url}`);
  response.writeHead(account === null ? 503 : 200, { 'Content-Type': 'application/json' });
  const error = { type: 'api_error', message: 'Stripe is away' };
  response.end(JSON.stringify(account === null ? { error } : { object: 'account', id: account }));
});

let env: TestWorkflowEnvironment;
let address: string;
let apiBase: string;
let worker: ChildProcess;
let output = '';
beforeAll(async () => {
  ensureBuilt();
  const port = await freePort();
  env = await startTestServer([], port);
  address = `127.0.0.1:${port}`;
  await new Promise<void>((resolve) => stripe.listen(0, '127.0.0.1', resolve));
  apiBase = `http://127.0.0.1:${(stripe.address() as AddressInfo).port}`;
}, 300_000);
afterEach(async () => {
  if (worker.exitCode === null && worker.kill('SIGKILL')) await once(worker, 'exit');
});
afterAll(async () => {
  stripe.closeAllConnections();
  stripe.close();
  await env?.teardown();
});

function runWorker(): void {
  output = '';
  worker = spawn(process.execPath, [join(projectRoot, 'dist/worker/main.js')], {
    cwd: projectRoot,
    env: {
      PATH: process.env.PATH ?? '',
      TEMPORAL_ADDRESS: address,
      STRIPE_API_BASE: apiBase,
      WAYBILL_SYNC_SECONDS: '1',
    },
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
}
const isUp = () => vi.waitFor(() => expect(output).toContain('worker ready'), WITHIN);

const OTHER =
  'STRIPE_SECRET_KEY is of acct_second in test mode, and this Temporal namespace is of acct_first in test mode.';

/** It says at once what it knows of Stripe: on a busy machine nothing yet. */
const apiSays = (expected: object) =>
  vi.waitFor(async () => expect(await askApi()).toMatchObject(expected), WITHIN);

async function askApi() {
  const app = await serveApp({
    temporal: new Client({ connection: env.connection }),
    stripe: createStripeClient({ secretKey: 'sk_test_1', apiBase }),
  });
  const { body } = await app.call('GET', '/v1/diagnostics', { as: 'ops' });
  const ready = await app.call('GET', '/readyz', { as: null });
  await app.stop();
  const found = body.checks.find(({ check }: { check: string }) => check === 'Stripe account');
  return { ...ready.body, code: ready.status, found };
}

it('a key of another account stops the worker before it does anything, whatever waits', async () => {
  runWorker();
  await isUp();
  await vi.waitFor(() => expect(asked).toContainEqual(expect.stringContaining('GET /v1/events')), WITHIN);
  await apiSays({ code: 200, stripe: 'reachable', found: { state: 'ok' } });
  worker.kill('SIGKILL');
  await once(worker, 'exit');

  account = 'acct_second';
  asked = [];
  runWorker();
  const [code] = await once(worker, 'close');
  expect(code).toBe(1);
  expect(output).toContain(OTHER);
  expect(output).not.toContain('worker ready');
  expect(asked).toEqual([]);
  await apiSays({
    code: 503,
    stripe: 'other_account',
    stripe_problem: expect.stringContaining(OTHER),
    found: { state: 'wrong', detail: expect.stringContaining(OTHER) },
  });

  account = 'acct_first';
  runWorker();
  await isUp();
  await apiSays({ stripe: 'reachable' });
});

it('a worker that started while Stripe was away stops once Stripe says whose key it is', async () => {
  account = null;
  runWorker();
  await isUp();
  account = 'acct_second';
  await once(worker, 'close');
  expect(output).toContain(OTHER);
});

it('a key of the other mode is another account', async () => {
  account = 'acct_first';
  await rememberAccount(new Client({ connection: env.connection }), { id: 'acct_first', livemode: true });
  runWorker();
  const [code] = await once(worker, 'close');
  expect(code).toBe(1);
  expect(output).toContain(
    'is of acct_first in test mode, and this Temporal namespace is of acct_first in live',
  );
  await apiSays({ code: 503, stripe: 'other_account' });
});
