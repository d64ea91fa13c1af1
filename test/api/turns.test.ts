import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOptions } from '../../api/backend/begin.ts';
import { orderBeginning } from '../../contract/order-start.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { envelope, terms } from '../support/builders.ts';
import { startTestServer } from '../support/temporal.ts';
import { POLICY } from '../support/waybill.ts';

const TASK_QUEUE = 'turns';
/** Temporal sorts what waits a moment after it has come: more than a worker takes meanwhile. */
const BURST = 60;

/** Temporal with no worker but this test, which takes one workflow task after the other. */
let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTestServer();
});
afterAll(() => env?.teardown());

async function start(id: string, connectedAccount: string): Promise<void> {
  const authorize = envelope(`cmd_${id}`);
  const input = { terms: terms({ id, connectedAccount }), livemode: false, policy: POLICY, authorize };
  const beginning = {
    ...orderBeginning(input, TASK_QUEUE),
    workflowId: orderWorkflowId(id),
    envelope: authorize,
  };
  await env.client.workflow.start(
    beginning.workflowType,
    startOptions(beginning, 'REJECT_DUPLICATE', 'FAIL'),
  );
}

async function nextTask(): Promise<string | null | undefined> {
  const { workflowExecution } = await env.connection.withDeadline(Date.now() + 20_000, () =>
    env.connection.workflowService.pollWorkflowTaskQueue({
      namespace: env.namespace ?? 'default',
      taskQueue: { name: TASK_QUEUE },
      identity: 'test',
    }),
  );
  return workflowExecution?.workflowId;
}

it('orders of one account do not wait for a worker behind the burst of another', async () => {
  for (let n = 0; n < BURST; n++) await start(`burst-${n}`, 'acct_bursting');
  await start('single', 'acct_other');
  const taken: (string | null | undefined)[] = [];
  while (!taken.includes(orderWorkflowId('single'))) taken.push(await nextTask());
  expect(taken.length).toBeLessThanOrEqual(BURST / 2);
});
