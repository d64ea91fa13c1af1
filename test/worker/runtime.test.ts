import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { OrderInput } from '../../contract/orders.ts';
import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { freePort } from '../../dev/free-port.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { createWorker } from '../../worker/create-worker.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { envelope, terms } from '../support/builders.ts';
import { startTestServer } from '../support/temporal.ts';
import { WITHIN } from '../support/within.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';

const POLICY = {
  retryBudgetMs: 60_000,
  openMs: 3_600_000,
  abandonAfterMs: 3_600_000,
  captureWarningMs: 0,
  reauthorizeBeforeMs: 0,
  reauthorizeForMs: 0,
  metadataKey: '',
};

// biome-ignore lint/suspicious/noExplicitAny: lines of a log
const lines: any[] = [];
const METRICS = `127.0.0.1:${await freePort()}`;
installRuntime(pino({ level: 'warn' }, { write: (line) => lines.push(JSON.parse(line)) }), METRICS);

function inputOf(id: string): OrderInput {
  return { terms: terms({ id }), livemode: false, policy: POLICY, authorize: envelope('cmd_authorize') };
}

let env: TestWorkflowEnvironment;
let stop: () => Promise<void>;
beforeAll(async () => {
  env = await startTestServer();
  const worker = await createWorker({
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue: 'log',
    workflowBundle: await workflowBundle(),
    stripe: createStripeClient({ secretKey: 'sk_test_nobody', apiBase: 'http://127.0.0.1:9' }),
    clientId: null,
    events: {
      signingKey: null,
      allowLoopback: true,
      answerWithinMs: 500,
      firstRetryMs: 200,
      giveUpAfterMs: 5_000,
    },
    policy: { ...POLICY, onDisputeLost: 'bear' },
    now: () => {
      throw new RangeError('Division by zero');
    },
  });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
  };
});
afterAll(async () => {
  await stop?.();
  await env?.teardown();
});

it('the log line of an activity that fails has the name, the message and the stack of its error', async () => {
  await env.client.workflow.start(ORDER_WORKFLOW, {
    taskQueue: 'log',
    workflowId: 'order/bug',
    args: [inputOf('bug')],
  });
  const line = await vi.waitFor(() => {
    const found = lines.find(({ msg }) => msg === 'Activity failed');
    expect(found).toBeDefined();
    return found;
  }, WITHIN);
  expect(line).toMatchObject({
    errorName: 'RangeError',
    err: { message: expect.stringContaining('Division by zero') },
    workflowId: 'order/bug',
    activityType: 'authorize',
  });
  expect(line.err.stack).toMatch(/RangeError: Division by zero\n\s+at .*runtime\.test\.ts/);
});

it('the log line of a workflow task that fails names the workflow and the reason', async () => {
  await env.client.workflow.start(ORDER_WORKFLOW, {
    taskQueue: 'log',
    workflowId: 'order/broken',
    // No run of any version carries that over.
    args: [inputOf('broken'), { commands: 'lost' }],
  });
  const seen = (wanted: object) => expect(lines).toContainEqual(expect.objectContaining(wanted));
  const why = 'has version undefined';
  await vi.waitFor(() => {
    seen({ workflowId: 'order/broken', errorName: 'Error', msg: 'Workflow failed' });
    seen({ msg: 'Failing workflow task', failure: expect.stringContaining(why) });
  }, WITHIN);
});

it('a workflow task that fails is counted for Prometheus', async () => {
  await vi.waitFor(async () => {
    const text = await (await fetch(`http://${METRICS}/metrics`)).text();
    expect(text).toMatch(
      /^temporal_workflow_task_execution_failed\{.*failure_reason="WorkflowError".*workflow_type="order".*\} [1-9]/m,
    );
  }, WITHIN);
});
