import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ManagedProcess } from '../../dev/processes/managed-process.ts';
import { projectRoot } from '../../dev/project-root.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { routingOf, setCurrentVersion } from '../../worker/deployment.ts';
import { createOrder, unbalanced } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

const OLD = { deploymentName: 'waybill', buildId: '0.1.0' };
const NEW = { deploymentName: 'waybill', buildId: '0.2.0' };
type Version = typeof OLD;

/** Buyers at a time, and orders between two moves of the deploy. */
const AT_ONCE = 4;
const BETWEEN_MOVES = 12;
/** On a busy machine an answer may take longer than the ten seconds of the default. */
const headers = { prefer: 'wait=60' };

let stack: Stack;
let at: { readonly apiUrl: string; readonly sandboxUrl: string };
let client: Client;
const workers: ManagedProcess[] = [];
beforeAll(async () => {
  ensureBuilt();
  stack = await startStack({ fresh: true, parts: ['temporal', 'sandbox'], env: { LOG_LEVEL: 'fatal' } });
  at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  const { connection: options, namespace } = stack.config.temporal;
  client = new Client({ connection: await Connection.connect(options), namespace });
}, 600_000);
afterAll(async () => {
  await stack?.processes.api.stop();
  await Promise.all(workers.map((worker) => worker.stop()));
  await client?.connection.close();
  await stack?.stop();
});

/** A worker of that version polls. */
async function deploy({ deploymentName, buildId }: Version): Promise<ManagedProcess> {
  const { temporal, home } = stack.config;
  const worker = new ManagedProcess({
    name: `worker ${buildId}`,
    logFile: join(home, 'logs', `worker-${buildId}-${workers.length}.log`),
    launch: async () => ({
      command: process.execPath,
      args: [join(projectRoot, 'dist/worker/main.js')],
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
  return worker;
}

/** Buyers that buy until they are told to stop: authorized, captured, refunded in part. */
class Load {
  readonly ids: string[] = [];
  /** Of each order's three requests. */
  readonly answers: number[][] = [];
  #isOver = false;
  readonly #buyers = Array.from({ length: AT_ONCE }, (_, buyer) => this.#buy(buyer));

  async #buy(buyer: number): Promise<void> {
    for (let n = 0; !this.#isOver; n++) {
      const id = `order-${buyer}-${n}`;
      this.ids.push(id);
      const step = (name: string, body: object) =>
        request(at, 'POST', `/v1/orders/${id}/${name}`, { body, key: `${id}-${name}`, headers });
      const { status: created } = await createOrder(at, { id }, { key: id, headers });
      const { status: captured } = await step('capture', {});
      const { status: refunded } = await step('refunds', { amount: 100 });
      this.answers.push([created, captured, refunded]);
    }
  }

  /** So many more orders have been begun. */
  async more(count: number): Promise<void> {
    const enough = this.ids.length + count;
    await vi.waitFor(() => expect(this.ids.length).toBeGreaterThanOrEqual(enough), WITHIN);
  }

  stop(): Promise<unknown> {
    this.#isOver = true;
    return Promise.all(this.#buyers);
  }
}

async function carriedBy(id: string): Promise<string | undefined> {
  const { raw } = await client.workflow.getHandle(orderWorkflowId(id)).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

it('a deploy and its rollback under load: no request fails or is left unfinished, and no order stays behind', async () => {
  const first = await deploy(OLD);
  await setCurrentVersion(client, OLD);
  await stack.processes.api.start();
  await createOrder(at, { id: 'open' });
  const load = new Load();
  await load.more(BETWEEN_MOVES);

  const second = await deploy(NEW);
  await setCurrentVersion(client, NEW);
  await load.more(BETWEEN_MOVES);
  await first.stop();
  await load.more(BETWEEN_MOVES);
  expect(
    await request(at, 'POST', '/v1/orders/open', { body: { metadata: { note: 'moved' } }, headers }),
  ).toMatchObject({
    status: 200,
  });
  await vi.waitFor(async () => expect(await carriedBy('open')).toBe(NEW.buildId), WITHIN);

  await deploy(OLD);
  await setCurrentVersion(client, OLD);
  await load.more(BETWEEN_MOVES);
  await second.stop();
  await load.more(BETWEEN_MOVES);
  await load.stop();
  expect(await request(at, 'POST', '/v1/orders/open/capture', { body: {}, headers })).toMatchObject({
    status: 200,
    body: { status: 'captured' },
  });

  expect(load.answers).toEqual(load.ids.map(() => [201, 200, 200]));
  const carriers = new Set(await Promise.all(load.ids.map(carriedBy)));
  expect(carriers).toEqual(new Set([OLD.buildId, NEW.buildId]));
  expect(await routingOf(client, 'waybill')).toMatchObject({ current: OLD.buildId });
  for (const id of load.ids)
    expect((await request(at, 'GET', `/v1/orders/${id}`)).body).toMatchObject({
      status: 'captured',
      amount_captured: 1000,
      amount_refunded: 100,
      needs_attention: null,
    });
  expect(await unbalanced(at)).toEqual([]);
});
