import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ManagedProcess } from '../../dev/processes/managed-process.ts';
import { projectRoot } from '../../dev/project-root.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { setCurrentVersion } from '../../worker/deployment.ts';
import { createOrder } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request, SECRET_KEY } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

const DIST = join(projectRoot, 'dist');
const OLD = { deploymentName: 'waybill', buildId: '0.1.0' };
const NEW = { deploymentName: 'waybill', buildId: '0.2.0' };

let stack: Stack;
let at: { readonly apiUrl: string; readonly sandboxUrl: string };
let client: Client;
/** A build of the next release: it waits a moment before each operation, behind `patched`. */
let changed: string;
const workers: ManagedProcess[] = [];
beforeAll(async () => {
  ensureBuilt();
  changed = buildChanged();
  stack = await startStack({ fresh: true, parts: ['temporal', 'sandbox'], env: { LOG_LEVEL: 'fatal' } });
  at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  const { connection: options, namespace } = stack.config.temporal;
  client = new Client({ connection: await Connection.connect(options), namespace });
}, 300_000);
afterAll(async () => {
  await stack?.processes.api.stop();
  await Promise.all(workers.map((worker) => worker.stop()));
  await client?.connection.close();
  await stack?.stop();
  if (changed) rmSync(changed, { recursive: true, force: true });
});

function buildChanged(): string {
  // Within the checkout, whose packages it finds.
  mkdirSync(join(projectRoot, '.waybill'), { recursive: true });
  const folder = mkdtempSync(join(projectRoot, '.waybill', 'patched-'));
  cpSync(DIST, folder, { recursive: true });
  const file = join(folder, 'workflows', 'entity', 'perform.js');
  const code = readFileSync(file, 'utf8');
  const place = 'const first = await orStuck(';
  expect(code.split(place)).toHaveLength(2);
  const wait = `if (patched('a moment first')) await condition(() => false, 1);\n${place}`;
  writeFileSync(
    file,
    `import { condition, patched } from '@temporalio/workflow';\n${code.replace(place, () => wait)}`,
  );
  execFileSync(process.execPath, [join(folder, 'worker', 'build-bundle.js')]);
  return folder;
}

async function deploy(folder: string, { deploymentName, buildId }: typeof OLD): Promise<void> {
  const { temporal, home } = stack.config;
  const worker = new ManagedProcess({
    name: `worker ${buildId}`,
    logFile: join(home, 'logs', `worker-${buildId}.log`),
    launch: async () => ({
      command: process.execPath,
      args: [join(folder, 'worker', 'main.js')],
      env: {
        PATH: process.env.PATH ?? '',
        LOG_LEVEL: 'fatal',
        TEMPORAL_ADDRESS: temporal.address,
        TEMPORAL_NAMESPACE: temporal.namespace,
        STRIPE_API_BASE: at.sandboxUrl,
        TEMPORAL_DEPLOYMENT_NAME: deploymentName,
        TEMPORAL_WORKER_BUILD_ID: buildId,
      },
      ready: { prints: 'worker ready' },
    }),
    supervise: false,
    report: () => undefined,
    onLine: () => undefined,
    onGivenUp: () => undefined,
  });
  workers.push(worker);
  await worker.start();
}

const act = (id: string, name: string, body: object) =>
  request(at, 'POST', `/v1/orders/${id}/${name}`, { body, key: `${id}-${name}` });
const handleOf = (id: string) => client.workflow.getHandle(orderWorkflowId(id));

async function isPatched(id: string): Promise<boolean> {
  const { events } = await handleOf(id).fetchHistory();
  return (events ?? []).some(
    ({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_patch',
  );
}

/** What the workflows of a build make of an order's history: why it cannot be replayed; null: it can. */
async function replayed(folder: string, id: string): Promise<string | null> {
  const history = await handleOf(id).fetchHistory();
  const workflowBundle = { codePath: join(folder, 'workflow-bundle.js') };
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, [
    { workflowId: orderWorkflowId(id), history },
  ]))
    return error?.message ?? null;
  throw new Error(`${id} was not replayed`);
}

async function refundsOf(id: string): Promise<readonly number[]> {
  const stripe = createStripeClient({ secretKey: SECRET_KEY, apiBase: at.sandboxUrl });
  const { data } = await stripe.refunds.list({ limit: 100 });
  return data.filter(({ metadata }) => metadata?.waybill_order === id).map(({ amount }) => amount);
}

it('a patched change goes forward, back and forward again: every order goes on, and money moves once', async () => {
  await deploy(DIST, OLD);
  await setCurrentVersion(client, OLD);
  await stack.processes.api.start();
  for (const id of ['untouched', 'touched']) await createOrder(at, { id }, { key: id });

  await deploy(changed, NEW);
  await setCurrentVersion(client, NEW);
  expect(await act('touched', 'capture', {})).toMatchObject({ status: 200 });
  await createOrder(at, { id: 'new' }, { key: 'new' });
  expect(await Promise.all(['untouched', 'touched', 'new'].map(isPatched))).toEqual([false, true, true]);

  await setCurrentVersion(client, OLD);
  expect(await act('untouched', 'capture', {})).toMatchObject({ status: 200 });
  expect(await replayed(DIST, 'untouched')).toBeNull();
  const unanswered = act('touched', 'refunds', { amount: 100 });
  await vi.waitFor(async () => {
    const { raw } = await handleOf('touched').describe();
    expect(raw.pendingWorkflowTask?.attempt).toBeGreaterThan(1);
  }, WITHIN);
  expect(await refundsOf('touched')).toEqual([]);

  await setCurrentVersion(client, NEW);
  await unanswered;
  for (const id of ['untouched', 'touched'])
    await vi.waitFor(
      async () => expect(await act(id, 'refunds', { amount: 100 })).toMatchObject({ status: 200 }),
      WITHIN,
    );
  expect(await act('new', 'capture', {})).toMatchObject({ status: 200 });

  expect(await Promise.all(['untouched', 'touched', 'new'].map(isPatched))).toEqual([true, true, true]);
  for (const id of ['untouched', 'touched', 'new']) {
    expect((await request(at, 'GET', `/v1/orders/${id}`)).body).toMatchObject({
      status: 'captured',
      amount_captured: 1000,
      needs_attention: null,
    });
    expect(await refundsOf(id)).toEqual(id === 'new' ? [] : [100]);
    expect(await replayed(changed, id)).toBeNull();
    expect(await replayed(DIST, id)).toMatch(/nondeterminism/i);
  }
});
