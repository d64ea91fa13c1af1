import type { Client, ScheduleOptions } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Config } from '../config.ts';
import { RECONCILE_WORKFLOW } from '../contract/reconciliation.ts';
import type { Rounds } from '../contract/stripe-events.ts';
import {
  RESUME_WORKFLOW,
  SYNC_ACCOUNTS_WORKFLOW,
  SYNC_PAYOUTS_WORKFLOW,
  SYNC_WORKFLOW,
} from '../contract/stripe-events.ts';
import {
  RECONCILE_SCHEDULE_ID,
  RESUME_SCHEDULE_ID,
  SYNC_ACCOUNTS_SCHEDULE_ID,
  SYNC_PAYOUTS_SCHEDULE_ID,
  SYNC_SCHEDULE_ID,
} from '../domain/ids.ts';

/** Longer without a run than this, and one catches up for all that were missed. */
const CATCH_UP_MS = 60_000;

export type Scheduling = Readonly<Pick<Config['worker'], 'taskQueue' | 'syncEveryMs' | 'reconcile'>>;

/** All schedules of an installation. */
export async function ensureSchedules(
  temporal: Client,
  { taskQueue, syncEveryMs, reconcile }: Scheduling,
): Promise<void> {
  await ensureSync(temporal, { taskQueue, everyMs: syncEveryMs });
  await ensureReconciling(temporal, { taskQueue, ...reconcile });
}

export interface SyncSchedules {
  readonly taskQueue: string;
  /** How often Stripe's events are looked through, and accounts and payouts compared. */
  readonly everyMs: number;
}

/** Separate schedules: the feed of events waits for none of the others. */
const SYNC_SCHEDULES = [
  [SYNC_SCHEDULE_ID, SYNC_WORKFLOW, 'Feed the events that webhooks missed'],
  [SYNC_ACCOUNTS_SCHEDULE_ID, SYNC_ACCOUNTS_WORKFLOW, 'Compare accounts with Stripe'],
  [SYNC_PAYOUTS_SCHEDULE_ID, SYNC_PAYOUTS_WORKFLOW, 'Compare payouts with Stripe'],
  [RESUME_SCHEDULE_ID, RESUME_WORKFLOW, 'Resume what waits for Stripe'],
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
  for (const [scheduleId, workflowType, staticSummary] of SYNC_SCHEDULES) {
    const action = { workflowType, taskQueue, staticSummary, args: [rounds] };
    await ensureSchedule(temporal, scheduleOf(scheduleId, everyMs, action));
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
  const action = {
    workflowType: RECONCILE_WORKFLOW,
    taskQueue,
    staticSummary: "Compare the platform's balance with the orders",
    args: [{ lookBackMs, pendingMs }],
  };
  return ensureSchedule(temporal, scheduleOf(RECONCILE_SCHEDULE_ID, everyMs, action));
}

type Schedule = ReturnType<typeof scheduleOf>;

interface Action {
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly staticSummary: string;
  readonly args: unknown[];
}

function scheduleOf(scheduleId: string, everyMs: number, action: Action) {
  return {
    scheduleId,
    spec: { intervals: [{ every: everyMs }] },
    action: { type: 'startWorkflow', workflowId: action.workflowType, ...action },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
  } satisfies ScheduleOptions;
}

/** Makes the schedule be there, and be as this worker would have it; one that an operator has paused stays paused, and a memo is kept. */
async function ensureSchedule(temporal: Client, options: Schedule): Promise<void> {
  try {
    await temporal.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { scheduleId, spec, action, policies } = options;
    await temporal.schedule.getHandle(scheduleId).update(({ state, action: { memo } }) => ({
      spec,
      action: { ...action, ...(memo === undefined ? {} : { memo }) },
      policies: { ...policies },
      state,
    }));
  }
}
