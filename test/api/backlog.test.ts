import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestServer } from '../support/temporal.ts';
import { WITHIN } from '../support/within.ts';
import type { ServedApp } from './serve-app.ts';
import { serveApp } from './serve-app.ts';

/** Temporal without any worker: whatever is started waits. */
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

it('once what was started waits too long for a worker, starts that nobody waits for are shed as well', async () => {
  await env.client.workflow.start('order', { workflowId: 'waiting', taskQueue: 'waybill' });
  const startTransfer = (key: string) =>
    app.call('POST', '/v1/transfers', {
      as: 'ops',
      key,
      body: { amount: 100, currency: 'usd', destination: 'acct_1', description: 'thanks' },
      headers: { Prefer: 'wait=0' },
    });
  let tried = 0;
  await vi.waitFor(
    async () => {
      const refused = await startTransfer(`key-${tried++}`);
      expect(refused).toMatchObject({ status: 429, body: { code: 'overloaded' } });
    },
    { ...WITHIN, interval: 500 },
  );
  // A command is not shed: this one only finds that Stripe, which is asked for unknown orders, is out of reach.
  const command = await app.call('POST', '/v1/orders/none/cancel', { key: 'cancel', body: {} });
  expect(command).toMatchObject({ status: 503, body: { code: 'unavailable' } });
});
