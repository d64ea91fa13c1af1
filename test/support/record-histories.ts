import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import type { OrderBench } from './order-bench.ts';
import { continuingAfter } from './server-args.ts';

/** Of the server to record on. */
export const RECORDING_SERVER = continuingAfter(60);

const EVENTS_SHOWN = 15;

export type History = temporal.api.history.v1.IHistory;

/** Every run of that workflow, the first one first. */
export async function historiesOf(
  { client }: OrderBench,
  { workflowId }: WorkflowHandle,
): Promise<History[]> {
  const histories: History[] = [];
  const latest = client.workflow.getHandle(workflowId);
  for (let { runId } = await latest.describe(); runId; ) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.unshift(history);
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  }
  return histories;
}

/** What happened last in each workflow of that id: the histories of a flow that fails tell why. */
export async function lastEvents({ client }: OrderBench, id: string): Promise<string> {
  const lines: string[] = [];
  for await (const { workflowId, runId, status } of client.workflow.list()) {
    if (!workflowId.endsWith(`/${id}`)) continue;
    lines.push(`${workflowId} ${status.name}`);
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const told = JSON.parse(historyToJSON(history)) as {
      events: Record<'eventId' | 'eventType' | 'eventTime', string>[];
    };
    for (const { eventId, eventType, eventTime } of told.events.slice(-EVENTS_SHOWN)) {
      lines.push(`  ${eventId} ${eventType} ${eventTime}`);
    }
  }
  return lines.join('\n');
}

/** How workers name themselves: `4711@some-machine`. */
const PROCESS_AT_HOST = /\b\d+@[A-Za-z0-9_.-]*/g;

/** Keeps a history as a file, without what would tell of the machine that it was recorded on. */
export async function keepHistory(folder: string, name: string, history: History): Promise<void> {
  const json = historyToJSON(history).replaceAll(PROCESS_AT_HOST, 'recorder');
  const told = JSON.parse(json, (key, value: unknown) => (key === 'stackTrace' ? '' : value));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(told, null, 1)}\n`);
}
