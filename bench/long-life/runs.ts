import type { Client } from '@temporalio/client';

/** One run of a workflow that continues as new. */
export interface Run {
  readonly events: number;
  readonly bytes: number;
  /** What the run before left to it. */
  readonly carriedBytes: number;
}

/** Every run of a workflow from that one on, oldest first. */
export async function runsOf(client: Client, workflowId: string, firstRunId: string): Promise<Run[]> {
  const runs: Run[] = [];
  for (let runId: string | null = firstRunId; runId !== null; ) {
    const run: Run & { readonly next: string | null } = await runOf(client, workflowId, runId);
    runs.push(run);
    runId = run.next;
  }
  return runs;
}

/** Its history would not fit into one answer of the server's: its first and its last event are enough. */
async function runOf(client: Client, workflowId: string, runId: string) {
  const { events, bytes } = await sizeOf(client, workflowId, runId);
  const asked = {
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  };
  const service = client.workflowService;
  const [first, last] = await Promise.all([
    service.getWorkflowExecutionHistory(asked),
    service.getWorkflowExecutionHistoryReverse(asked),
  ]);
  const started = first.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const ended = last.history?.events?.[0]?.workflowExecutionContinuedAsNewEventAttributes;
  const carriedBytes = (started?.input?.payloads ?? []).reduce(
    (sum, { data }) => sum + (data?.length ?? 0),
    0,
  );
  return { events, bytes, carriedBytes, next: ended?.newExecutionRunId ?? null };
}

async function sizeOf(client: Client, workflowId: string, runId: string) {
  const { historyLength, historySize } = await client.workflow.getHandle(workflowId, runId).describe();
  return { events: historyLength, bytes: historySize ?? 0 };
}
