import type { Client } from '@temporalio/client';
import type { ReconciliationReport } from '../../domain/reconciliation/reconciliation.ts';
import type { Totals } from './books.ts';

/** A report's totals, in the form in which the books expect them. */
export function totalsOf({ findings }: ReconciliationReport): Totals {
  const { transactions, reasons, orders, differenceCount } = findings;
  const tallies: Record<string, number[]> = {};
  for (const [currency, standings] of Object.entries(transactions)) {
    for (const [standing, { count, amount }] of Object.entries(standings)) {
      if (standing !== 'explained') tallies[`${currency} ${standing}`] = [count, amount];
    }
  }
  for (const [currency, tallied] of Object.entries(reasons)) {
    for (const [reason, { count, amount }] of Object.entries(tallied)) {
      tallies[`${currency} explained ${reason}`] = [count, amount];
    }
  }
  return { orders, differenceCount, tallies };
}

export interface RunCost {
  readonly events: number;
  readonly bytes: number;
  /** Runs of equal work that take as long as each other are linear time. */
  readonly seconds: number;
}

/** All runs of a workflow that went on as new, oldest first. */
export async function runsOf(client: Client, workflowId: string): Promise<RunCost[]> {
  const runs: RunCost[] = [];
  for (let runId: string | undefined; runs.length === 0 || runId; ) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const { historyLength, historySize, startTime, closeTime } = await handle.describe();
    const [started] = (await handle.fetchHistory()).events ?? [];
    const seconds = ((closeTime ?? startTime).getTime() - startTime.getTime()) / 1000;
    runs.unshift({ events: historyLength, bytes: historySize ?? 0, seconds });
    runId = started?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  return runs;
}
