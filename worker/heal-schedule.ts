import type { Client, ScheduleOptions } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { HEAL_SCHEDULE_ID } from '../domain/ids.ts';
import { HEAL_WORKFLOW } from '../workflows/messages.ts';

export interface Healing {
  readonly taskQueue: string;
  /** How often Stripe's events are looked through. */
  readonly everyMs: number;
}

/** Longer without a run than this, and one catches up for all that were missed: the cursor knows from where. */
const CATCH_UP_MS = 60_000;

/**
 * Makes the schedule that feeds what webhooks missed be there, and be as this worker would have it. Whether an operator
 * has paused it stays as it is, and so does the cursor, which lives in the schedule's last result.
 */
export async function ensureHealing(temporal: Client, healing: Healing): Promise<void> {
  const options = scheduleOf(healing);
  try {
    await temporal.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = options;
    await temporal.schedule
      .getHandle(HEAL_SCHEDULE_ID)
      .update(({ state }) => ({ spec, action, policies: { ...policies }, state }));
  }
}

function scheduleOf({ taskQueue, everyMs }: Healing) {
  return {
    scheduleId: HEAL_SCHEDULE_ID,
    spec: { intervals: [{ every: everyMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: HEAL_WORKFLOW,
      workflowId: HEAL_WORKFLOW,
      taskQueue,
      args: [],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
  } satisfies ScheduleOptions;
}
