import type { Client } from '@temporalio/client';
import { RECONCILIATION_WORKFLOW_ID } from '../domain/ids.ts';
import type { ReconciliationReport } from '../domain/reconciliation.ts';
import { RECONCILIATION_WORKFLOW, reconciledSignal } from '../workflows/messages.ts';

/** Gives a report to the workflow that keeps the last one, and starts that if it is not there. A repeat changes nothing. */
export async function publish(
  { temporal, taskQueue }: { temporal: Client; taskQueue: string },
  report: ReconciliationReport,
): Promise<void> {
  await temporal.workflow.signalWithStart(RECONCILIATION_WORKFLOW, {
    workflowId: RECONCILIATION_WORKFLOW_ID,
    taskQueue,
    args: [],
    signal: reconciledSignal,
    signalArgs: [report],
    staticSummary: 'The last reconciliation',
  });
}
