import type { Client, ScheduleOptions } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { RECONCILE_WORKFLOW } from '../contract/reconciliation.ts';
import type { Rounds } from '../contract/stripe-events.ts';
import { SYNC_ACCOUNTS_WORKFLOW, SYNC_PAYOUTS_WORKFLOW, SYNC_WORKFLOW } from '../contract/stripe-events.ts';
import {
  RECONCILE_SCHEDULE_ID,
  SYNC_ACCOUNTS_SCHEDULE_ID,
  SYNC_PAYOUTS_SCHEDULE_ID,
  SYNC_SCHEDULE_ID,
} from '../domain/ids.ts';

/** Longer without a run than this, and one catches up for all that were missed. */
const CATCH_UP_MS = 60_000;

export interface SyncSchedules {
  readonly taskQueue: string;
  /** How often Stripe's events are looked through, and accounts and payouts compared. */
  readonly everyMs: number;
}

/** Separate schedules: the feed of events waits for neither accounts nor payouts. */
const SYNC_SCHEDULES = [
  [SYNC_SCHEDULE_ID, SYNC_WORKFLOW],
  [SYNC_ACCOUNTS_SCHEDULE_ID, SYNC_ACCOUNTS_WORKFLOW],
  [SYNC_PAYOUTS_SCHEDULE_ID, SYNC_PAYOUTS_WORKFLOW],
] as const;

/** A run each 20 minutes instead of each half minute, with a history of some 500 events. */
const ROUNDS_MAX = 40;

/**
 * The schedules that find what webhooks missed. A run makes many rounds; the schedule's interval is that of a round, and skipped
 * while a run is there, so that a run which ended, failed or was canceled is followed by another within a round. The feed's last result
 * is its cursor: it is kept by whatever changes here.
 */
export async function ensureSync(temporal: Client, { taskQueue, everyMs }: SyncSchedules): Promise<void> {
  const rounds: Rounds = { everyMs, count: ROUNDS_MAX };
  for (const [scheduleId, workflowType] of SYNC_SCHEDULES) {
    await ensureSchedule(temporal, scheduleOf(scheduleId, workflowType, taskQueue, everyMs, [rounds]));
  }
}

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

/** The schedule that compares the platform's balance with the orders. */
export function ensureReconciling(temporal: Client, reconciling: Reconciling): Promise<void> {
  const { taskQueue, everyMs, lookBackMs, pendingMs = PENDING_MS } = reconciling;
  const args = [{ lookBackMs, pendingMs }];
  return ensureSchedule(
    temporal,
    scheduleOf(RECONCILE_SCHEDULE_ID, RECONCILE_WORKFLOW, taskQueue, everyMs, args),
  );
}

type Schedule = ReturnType<typeof scheduleOf>;

function scheduleOf(
  scheduleId: string,
  workflowType: string,
  taskQueue: string,
  everyMs: number,
  args: unknown[],
) {
  return {
    scheduleId,
    spec: { intervals: [{ every: everyMs }] },
    action: { type: 'startWorkflow', workflowType, workflowId: workflowType, taskQueue, args },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
  } satisfies ScheduleOptions;
}

/** Makes the schedule be there, and be as this worker would have it; one that an operator has paused stays paused. */
async function ensureSchedule(temporal: Client, options: Schedule): Promise<void> {
  try {
    await temporal.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { scheduleId, spec, action, policies } = options;
    await temporal.schedule
      .getHandle(scheduleId)
      .update(({ state }) => ({ spec, action, policies: { ...policies }, state }));
  }
}
