import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { FailingWorkflows } from '../../api/backend/failing-workflows.ts';
import { scanForFailing } from '../../api/backend/failing-workflows.ts';
import { failingWorkflowList } from '../../api/reports/failing-workflow-schema.ts';
import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { envelope, terms } from '../support/builders.ts';
import type { Waybill } from '../support/waybill.ts';
import { POLICY, request, startWaybill } from '../support/waybill.ts';
import { createOrder, WITHIN } from './support.ts';

const URL = '/v1/reports/failing_workflows';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

const report = (query = '') => request(waybill, 'GET', `${URL}${query}`, { as: 'read' });

/** What scans of so many workflows each find together. */
async function inPagesOf(scannedMax: number) {
  const failing: string[] = [];
  const scanned: number[] = [];
  let page: number | null = null;
  do {
    const scan: FailingWorkflows = await scanForFailing(waybill.env.client, page ?? undefined, {
      scannedMax,
    });
    failing.push(...scan.failing.map(({ workflowId }) => workflowId));
    if (scan.scanned > 0) scanned.push(scan.scanned);
    page = scan.nextPage;
  } while (page !== null);
  return { failing, scanned };
}

it('lists a running workflow whose task fails, with the reason, until it no longer runs', async () => {
  await createOrder(waybill, { id: 'sound' });
  const handle = await waybill.env.client.workflow.start(ORDER_WORKFLOW, {
    taskQueue: 'waybill',
    workflowId: orderWorkflowId('broken'),
    args: [
      { terms: terms({ id: 'broken' }), livemode: false, policy: POLICY, authorize: envelope('authorize') },
      // No run of any version carries that over.
      { commands: 'lost' },
    ],
  });
  const { status, body } = await vi.waitFor(async () => {
    const answer = await report();
    expect(answer.body.data).toHaveLength(1);
    return answer;
  }, WITHIN);
  expect(status).toBe(200);
  expect(failingWorkflowList.safeParse(body).error).toBeUndefined();
  expect(body).toMatchObject({ object: 'list', url: URL, has_more: false, next_page: null });
  expect(body.scanned).toBeGreaterThanOrEqual(2);
  expect(body.data[0]).toMatchObject({
    object: 'failing_workflow',
    workflow_id: 'order/broken',
    workflow_type: ORDER_WORKFLOW,
    run_id: handle.firstExecutionRunId,
    last_error: expect.stringContaining('The snapshot "order" has version undefined'),
    failing_since: expect.any(String),
  });
  expect(body.data[0].attempt).toBeGreaterThan(1);
  await createOrder(waybill, { id: 'newer' });
  await vi.waitFor(async () => expect((await report()).body.scanned).toBe(body.scanned + 1), WITHIN);
  expect(await inPagesOf(2)).toEqual({
    failing: ['order/broken'],
    scanned: Array.from({ length: body.scanned + 1 }, () => 1),
  });
  await handle.terminate();
  await vi.waitFor(async () => expect((await report()).body.data).toEqual([]), WITHIN);
});

it('lists one whose task has waited for so long that no worker will get it', async () => {
  const { client } = waybill.env;
  const options = { taskQueue: 'nobody', workflowId: 'transfer/lost', args: [{}] };
  const handle = await client.workflow.start('specialCaseTransfer', options);
  const scan = async (takenWithinMs?: number) =>
    (await scanForFailing(client, undefined, { takenWithinMs })).failing;
  const lost = await vi.waitFor(async () => {
    const found = (await scan(0)).find(({ workflowId }) => workflowId === options.workflowId);
    expect(found).toBeDefined();
    return found;
  }, WITHIN);
  const { startTime } = await client.workflow.getHandle(options.workflowId).describe();
  expect(lost).toMatchObject({
    runId: handle.firstExecutionRunId,
    attempt: 1,
    failure: { message: expect.stringContaining('No worker gets its task'), at: expect.any(Number) },
  });
  expect(lost?.failure?.at).toBeGreaterThanOrEqual(startTime.getTime());
  expect((await scan()).map(({ workflowId }) => workflowId)).not.toContain(options.workflowId);
  await handle.terminate();
});

it('refuses a page that no answer named', async () => {
  for (const page of ['bm9uZQ', 'A', '%20', '']) {
    expect(await report(`?page=${page}`), page).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  }
});
