import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Books } from '../../bench/reconciliation/books.ts';
import { serveBooks } from '../../bench/reconciliation/books-server.ts';
import { runsOf, totalsOf } from '../../bench/reconciliation/outcome.ts';
import { standingOrdersWorker, startStandingOrders } from '../../bench/reconciliation/standing-orders.ts';
import { RECONCILE_WORKFLOW } from '../../contract/reconciliation.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { createWorker } from '../../worker/create-worker.ts';
import { startTestServer } from '../support/temporal.ts';
import { EVENTS, POLICY } from '../support/waybill.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';

const TASK_QUEUE = 'waybill';
const DAY_SECONDS = 86_400;
/** A page more than one run of the workflow takes. */
const ROWS = 10_100;
const PAGES = 101;
const ORDERS = 40;
/** Of connected accounts, of which there are none. */
const LISTS = 1;

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTestServer();
});
afterAll(() => env?.teardown());

it('long books come to exactly what is in them, by the worker as it is and over HTTP, each page asked for once', async () => {
  const newest = Math.floor(Date.now() / 1000);
  const books = new Books({ rows: ROWS, orders: ORDERS, newest, spanSeconds: 29 * DAY_SECONDS });
  const server = await serveBooks(books);
  const standing = await standingOrdersWorker(env.nativeConnection, env.namespace ?? 'default');
  const worker = await createWorker({
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(),
    stripe: createStripeClient({ secretKey: 'sk_test_books', apiBase: server.url }),
    clientId: null,
    events: EVENTS,
    policy: { ...POLICY, onDisputeLost: 'bear' },
  });
  const report = await standing.runUntil(
    worker.runUntil(async () => {
      await startStandingOrders(env.client, books);
      return env.client.workflow.execute(RECONCILE_WORKFLOW, {
        workflowId: 'long-books',
        taskQueue: TASK_QUEUE,
        args: [{ lookBackMs: 30 * DAY_SECONDS * 1000, pendingMs: 0 }],
      });
    }),
  );
  server.close();
  expect(totalsOf(report)).toEqual(books.expected());
  expect(server.requests()).toBe(PAGES + ORDERS + LISTS);
  const runs = await runsOf(env.client, 'long-books');
  expect(runs).toHaveLength(2);
  for (const { seconds } of runs) expect(seconds).toBeGreaterThan(0);
});
