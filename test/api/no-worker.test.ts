import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { startTestServer } from '../support/temporal.ts';
import type { ServedApp } from './serve-app.ts';
import { serveApp } from './serve-app.ts';

/** Temporal without any worker. */
let env: TestWorkflowEnvironment;
let app: ServedApp;
beforeAll(async () => {
  env = await startTestServer();
  app = await serveApp({ temporal: env.client, taskQueue: 'waybill' });
});
afterAll(async () => {
  await app?.stop();
  await env?.teardown();
});

it('/readyz says that no worker polls', async () => {
  expect(await app.call('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { status: 'not_ready', temporal: 'reachable', workers: 'none' },
  });
});

it('a request that no worker answers says that none is running', async () => {
  const workflowId = orderWorkflowId('waiting');
  await env.client.workflow.start(ORDER_WORKFLOW, { workflowId, taskQueue: 'waybill' });
  const read = await app.call('GET', '/v1/orders/waiting', { as: 'read' });
  expect(read).toMatchObject({ status: 503, body: { code: 'unavailable', retryable: true } });
  expect(read.body.detail).toContain('No worker is running');
  expect(read.headers.get('retry-after')).toBe('2');
});
