import type { Client } from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import {
  RECONCILIATION_WORKFLOW,
  reconciledSignal,
  reconciliationFailedSignal,
} from '../contract/reconciliation.ts';
import { RECONCILIATION_WORKFLOW_ID } from '../domain/ids.ts';
import type { ReconciliationFailure, ReconciliationReport } from '../domain/reconciliation/reconciliation.ts';

interface Place {
  readonly temporal: Client;
  readonly taskQueue: string;
}

/** Gives a report to the workflow that keeps the last one. A repeat changes nothing. */
export function publish(place: Place, report: ReconciliationReport): Promise<void> {
  return signalOwner(place, reconciledSignal, report);
}

/** Has a run that compared nothing ask for attention there. */
export function publishFailure(place: Place, failure: ReconciliationFailure): Promise<void> {
  return signalOwner(place, reconciliationFailedSignal, failure);
}

/** Starts the workflow if it is not there. */
async function signalOwner<Signal>(
  { temporal, taskQueue }: Place,
  signal: SignalDefinition<[Signal]>,
  argument: Signal,
): Promise<void> {
  await temporal.workflow.signalWithStart<() => Promise<void>, [Signal]>(RECONCILIATION_WORKFLOW, {
    workflowId: RECONCILIATION_WORKFLOW_ID,
    taskQueue,
    args: [],
    signal,
    signalArgs: [argument],
    staticSummary: 'The last reconciliation',
  });
}
