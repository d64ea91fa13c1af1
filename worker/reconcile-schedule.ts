import type { Client, ScheduleOptions } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { RECONCILE_SCHEDULE_ID } from '../domain/ids.ts';
import { RECONCILE_WORKFLOW } from '../workflows/messages.ts';

export interface Reconciling {
  readonly taskQueue: string;
  /** How often a run begins, unless the one before is still on its way. */
  readonly everyMs: number;
  /** How far back each looks. */
  readonly lookBackMs: number;
  /** How long a transaction may stay unexplained, and an order's funds unknown. */
  readonly pendingMs?: number;
}

const PENDING_MS = 30 * 60_000;

/** Makes the schedule of reconciliation be there, and be as this worker would have it; paused stays paused. */
export async function ensureReconciling(temporal: Client, reconciling: Reconciling): Promise<void> {
  const options = scheduleOf(reconciling);
  try {
    await temporal.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = options;
    await temporal.schedule
      .getHandle(RECONCILE_SCHEDULE_ID)
      .update(({ state }) => ({ spec, action, policies: { ...policies }, state }));
  }
}

function scheduleOf({ taskQueue, everyMs, lookBackMs, pendingMs = PENDING_MS }: Reconciling) {
  return {
    scheduleId: RECONCILE_SCHEDULE_ID,
    spec: { intervals: [{ every: everyMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: RECONCILE_WORKFLOW,
      workflowId: RECONCILE_WORKFLOW,
      taskQueue,
      args: [{ lookBackMs, pendingMs }],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 60_000 },
  } satisfies ScheduleOptions;
}
