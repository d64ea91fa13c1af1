import type { Client } from '@temporalio/client';
import pMap from 'p-map';
import { decodeFailure } from '../../temporal/decode-failure.ts';
import { faultOf } from '../../temporal/faults.ts';
import { msOf } from '../../temporal/timestamp.ts';
import { all, compares, equals } from './visibility-filter.ts';
import { within } from './wait.ts';

interface RunId {
  readonly workflowId: string;
  readonly runId: string;
}

/** A running workflow whose workflow task fails, and is retried until a worker can carry it out, or that no worker gets. */
interface FailingWorkflow extends RunId {
  readonly workflowType: string;
  /** Of the workflow task; the first is 1. */
  readonly attempt: number;
  /** The failure that began it, or how long its task has waited; null: not among the last events of the history. */
  readonly failure: { readonly message: string; readonly at: number } | null;
}

export interface FailingWorkflows {
  readonly failing: readonly FailingWorkflow[];
  readonly scanned: number;
  /** Where the next scan begins, in milliseconds since the epoch; null: every running workflow was looked at. */
  readonly nextPage: number | null;
}

const SCAN_WITHIN_MS = 30_000;
/** Workflows of one scan. */
const SCANNED_MAX = 1_000;
const READS_AT_ONCE = 10;
/** Signals that arrive while the task fails come after the failure. */
const LAST_EVENTS_MAX = 100;

/** Far longer than any backlog lasts with which starts are admitted (api/backend/workers.ts). */
const TAKEN_WITHIN_MS = 10 * 60_000;
/** Of a workflow task, in Temporal's protocol: no worker has it. */
const SCHEDULED = 1;
const NOT_TAKEN = 'No worker gets its task: none polls for its release, or Temporal has lost the task.';

/**
 * One scan of the running workflows, newest first: Temporal has no index of those whose tasks fail, but shows it of each one.
 * `startedBy`: of those that started by then, in milliseconds since the epoch.
 */
export function scanForFailing(
  temporal: Client,
  startedBy: number | undefined,
  { scannedMax = SCANNED_MAX, takenWithinMs = TAKEN_WITHIN_MS } = {},
): Promise<FailingWorkflows> {
  return within(temporal, SCAN_WITHIN_MS, async () => {
    const { running, nextPage } = await listRunning(temporal, startedBy, scannedMax);
    const seen = await pMap(running, (id) => lookAt(temporal, id, takenWithinMs), {
      concurrency: READS_AT_ONCE,
    });
    return { failing: seen.filter((found) => found !== null), scanned: running.length, nextPage };
  });
}

/** Temporal gives running workflows newest first. A page ends between two milliseconds, so that the next one begins at a time. */
async function listRunning(
  { workflowService, options }: Client,
  startedBy: number | undefined,
  pageSize: number,
): Promise<{ running: RunId[]; nextPage: number | null }> {
  const running = equals('ExecutionStatus', 'Running');
  const { executions, nextPageToken } = await workflowService.listWorkflowExecutions({
    namespace: options.namespace,
    query: startedBy === undefined ? running : all([running, compares('StartTime', 'lte', startedBy)]),
    pageSize,
  });
  const rows = executions.map(({ execution, startTime }) => ({
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    startedAt: msOf(startTime),
  }));
  const last = rows.at(-1)?.startedAt;
  if (last === undefined || !nextPageToken?.length) return { running: rows, nextPage: null };
  const before = rows.filter(({ startedAt }) => startedAt > last);
  return before.length > 0 ? { running: before, nextPage: last } : { running: rows, nextPage: last - 1 };
}

/** Null: its tasks do not fail, or it ended meanwhile. */
async function lookAt(
  temporal: Client,
  { workflowId, runId }: RunId,
  takenWithinMs: number,
): Promise<FailingWorkflow | null> {
  const { namespace } = temporal.options;
  const execution = { workflowId, runId };
  try {
    const { pendingWorkflowTask, workflowExecutionInfo } =
      await temporal.workflowService.describeWorkflowExecution({ namespace, execution });
    const attempt = pendingWorkflowTask?.attempt ?? 1;
    const isFailing = attempt > 1;
    const at = msOf(pendingWorkflowTask?.scheduledTime);
    const isUntaken = pendingWorkflowTask?.state === SCHEDULED && Date.now() - at > takenWithinMs;
    if (!isFailing && !isUntaken) return null;
    const workflowType = workflowExecutionInfo?.type?.name ?? '';
    const failure = isFailing ? await lastFailure(temporal, execution) : { message: NOT_TAKEN, at };
    return { ...execution, workflowType, attempt, failure };
  } catch (error) {
    if (faultOf(error)?.type === 'not_found') return null;
    throw error;
  }
}

/** Temporal writes only the first failure of a task into the history, and none of its retries. */
async function lastFailure(temporal: Client, execution: RunId): Promise<FailingWorkflow['failure']> {
  const { workflowService, options } = temporal;
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    namespace: options.namespace,
    execution,
    maximumPageSize: LAST_EVENTS_MAX,
  });
  const failed = history?.events?.find((event) => event.workflowTaskFailedEventAttributes);
  if (!failed) return null;
  const error = await decodeFailure(temporal, failed.workflowTaskFailedEventAttributes?.failure);
  return {
    message: error?.message ?? '',
    at: msOf(failed.eventTime),
  };
}
