import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Rounds } from '../../contract/stripe-events.ts';
import {
  RESUME_SCHEDULE_ID,
  SYNC_ACCOUNTS_SCHEDULE_ID,
  SYNC_PAYOUTS_SCHEDULE_ID,
  SYNC_SCHEDULE_ID,
} from '../../domain/ids.ts';
import { ensureSync } from '../../worker/schedules.ts';
import { startTestServer } from '../support/temporal.ts';

const DAY_MS = 86_400_000;

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
  expect(all.toSorted()).toEqual([
    RESUME_SCHEDULE_ID,
    SYNC_SCHEDULE_ID,
    SYNC_ACCOUNTS_SCHEDULE_ID,
    SYNC_PAYOUTS_SCHEDULE_ID,
  ]);
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

it('the schedules start no more than 300 workflows a day, and none of them waits longer for its next round', async () => {
  await ensureSync(env.client, { taskQueue: 'waybill', everyMs: 30_000 });
  const aDay = await Promise.all(
    [SYNC_SCHEDULE_ID, SYNC_ACCOUNTS_SCHEDULE_ID, SYNC_PAYOUTS_SCHEDULE_ID, RESUME_SCHEDULE_ID].map(
      async (id) => {
        const { action, spec } = await env.client.schedule.getHandle(id).describe();
        const [{ everyMs, count }] = action.args as [Rounds];
        expect(spec.intervals).toMatchObject([{ every: everyMs }]);
        return DAY_MS / (everyMs * count);
      },
    ),
  );
  expect(aDay.reduce((sum, runs) => sum + runs, 0)).toBeLessThanOrEqual(300);
});
