import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SYNC_ACCOUNTS_SCHEDULE_ID, SYNC_PAYOUTS_SCHEDULE_ID, SYNC_SCHEDULE_ID } from '../../domain/ids.ts';
import { ensureSync } from '../../worker/schedules.ts';
import { startTestServer } from '../support/temporal.ts';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTestServer();
});
afterAll(() => env?.teardown());

it('each schedule is there once however many workers start, as the last one would have it, and one that is paused stays so', async () => {
  const schedule = env.client.schedule.getHandle(SYNC_SCHEDULE_ID);
  await ensureSync(env.client, { taskQueue: 'waybill', everyMs: 3_600_000 });
  await schedule.pause('looking at something');
  await Promise.all(
    ['waybill', 'waybill'].map((taskQueue) => ensureSync(env.client, { taskQueue, everyMs: 30_000 })),
  );

  const all = [];
  for await (const { scheduleId } of env.client.schedule.list()) all.push(scheduleId);
  expect(all.toSorted()).toEqual([SYNC_SCHEDULE_ID, SYNC_ACCOUNTS_SCHEDULE_ID, SYNC_PAYOUTS_SCHEDULE_ID]);
  expect(await schedule.describe()).toMatchObject({
    spec: { intervals: [{ every: 30_000 }] },
    policies: { overlap: 'SKIP' },
    state: { paused: true, note: 'looking at something' },
    action: { workflowType: 'sync', taskQueue: 'waybill' },
  });
  expect(await env.client.schedule.getHandle(SYNC_PAYOUTS_SCHEDULE_ID).describe()).toMatchObject({
    spec: { intervals: [{ every: 30_000 }] },
    policies: { overlap: 'SKIP' },
    state: { paused: false },
    action: { workflowType: 'syncPayouts', taskQueue: 'waybill' },
  });
});
