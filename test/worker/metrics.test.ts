import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { control, createOrder, WITHIN } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request } from '../support/waybill.ts';

const RUNBOOK_URL = 'https://runbook.example.com/waybill';

let stack: Stack;
let temporal: Client;
let metricsUrl: string;
beforeAll(async () => {
  ensureBuilt();
  const metricsAddress = `127.0.0.1:${await freePort()}`;
  metricsUrl = `http://${metricsAddress}/metrics`;
  stack = await startStack({
    fresh: true,
    env: {
      LOG_LEVEL: 'warn',
      WORKER_METRICS_ADDRESS: metricsAddress,
      WAYBILL_SYNC_SECONDS: '2',
      WAYBILL_RUNBOOK_URL: RUNBOOK_URL,
    },
  });
  const { address, namespace } = stack.config.temporal;
  temporal = new Client({ connection: await Connection.connect({ address }), namespace });
}, 300_000);
afterAll(async () => {
  await temporal?.connection.close();
  await stack?.stop();
});

/** The worker's metrics, once they have this line. */
function counted(line: RegExp): Promise<void> {
  return vi.waitFor(async () => expect(await (await fetch(metricsUrl)).text()).toMatch(line), WITHIN);
}

/** What Temporal's UI shows of an order. */
async function detailsOf(orderId: string): Promise<string> {
  const handle = temporal.workflow.getHandle(orderWorkflowId(orderId));
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
}

it('a worker counts what begins to ask for a person, and measures how long it did', async () => {
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  // It ends in less than the day ahead of which people are warned.
  await control(at, 'settings', { capture_window_seconds: 3_600 });
  const created = await createOrder(at);
  expect(created.status).toBe(201);
  await counted(/^waybill_order_notices_total\{.*code="capture_expiring".*\} 1$/m);
  expect(await detailsOf(created.body.id)).toContain(`[Runbook](${RUNBOOK_URL}#capture_expiring)`);
  expect((await request(at, 'POST', `/v1/orders/${created.body.id}/capture`)).status).toBe(200);
  await counted(/^waybill_attention_duration_seconds_bucket\{.*code="capture_expiring".*le="30".*\} 1$/m);
});

it('a worker times calls to Stripe by what they are about and how they ended', async () => {
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  expect((await createOrder(at, { payment_method: 'pm_card_chargeDeclined' })).status).toBe(402);
  const calls = 'waybill_stripe_request_duration_seconds_bucket';
  await counted(
    new RegExp(`^${calls}\\{.*outcome="declined",resource="payment_intents".*le="25".*\\} 1$`, 'm'),
  );
  await counted(new RegExp(`^${calls}\\{.*outcome="ok",resource="payment_intents".*le="25".*\\} [1-9]`, 'm'));
});

it('a worker says when it started, as the alert on restarts names it', async () => {
  const alerts = readFileSync(join(projectRoot, 'deploy', 'observability', 'alerts.yaml'), 'utf8');
  const [, start = ''] = /WaybillProcessRestarts\n(?:\s+#.*\n)*\s+expr: changes\((\w+)\{/.exec(alerts) ?? [];
  expect(start).not.toBe('');
  for (const url of [metricsUrl, `${stack.urls.api}/metrics`]) {
    const shown = new RegExp(`^${start}(?:\\{.*\\})? (1[\\d.e+]+)$`, 'm');
    const [, seconds] = shown.exec(await (await fetch(url)).text()) ?? [];
    expect(new Date(Number(seconds) * 1_000).getFullYear()).toBeGreaterThan(2020);
  }
});

it('a worker counts the workflow tasks that fail, as the alert names them', async () => {
  const alerts = readFileSync(join(projectRoot, 'deploy', 'observability', 'alerts.yaml'), 'utf8');
  const [, counter = ''] =
    /WaybillWorkflowTasksFail\n(?:\s+#.*\n)*\s+expr: increase\((\w+)\[/.exec(alerts) ?? [];
  expect(counter).not.toBe('');
  const { taskQueue } = stack.config.worker;
  // No worker has it: the task fails, and is tried again.
  const handle = await temporal.workflow.start('unheardOf', {
    workflowId: 'unheard-of',
    taskQueue,
    args: [],
  });
  await counted(new RegExp(`^${counter}\\{[^}]*\\} [1-9]`, 'm'));
  await handle.terminate();
});

it('a worker counts the rounds in which it looks for what webhooks missed', async () => {
  await counted(/^waybill_rounds_total\{.*workflowType="sync".*\} [1-9]/m);
});

it('every metric that the documents explain is there, in the API or a worker', async () => {
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  // Nobody listens there.
  const url = `http://127.0.0.1:${await freePort()}/events`;
  await request(at, 'POST', '/v1/event_subscriptions', { body: { url, events: ['*'] } });
  expect((await createOrder(at)).status).toBe(201);
  await counted(/^waybill_delivery_attempts_total\{.*outcome="not_accepted".*\} [1-9]/m);
  const served = await Promise.all(
    [metricsUrl, `${stack.urls.api}/metrics`].map(async (from) => (await fetch(from)).text()),
  );
  const table = readFileSync(join(projectRoot, 'docs', 'observability.md'), 'utf8');
  const explained = [...table.matchAll(/^\| `(waybill_\w+)`/gm)].map(([, name]) => name);
  expect(explained.length).toBeGreaterThan(20);
  const missing = explained.filter((name) => !served.some((text) => text.includes(`# TYPE ${name} `)));
  expect(missing).toEqual([]);
});
