import type { Client, WorkflowIdReusePolicy, WorkflowUpdateOptions } from '@temporalio/client';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { SearchAttributePair, UpdateDefinition } from '@temporalio/common';
import type { CommandEnvelope } from '../../domain/commands.ts';
import { faultOf } from './errors.ts';
import type { Settled } from './settle.ts';
import { ANSWER_WITHIN_MS, settle, within } from './settle.ts';

/** A workflow and the command that it is started for. */
export interface Beginning<Answer, Input> {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: Input;
  readonly searchAttributes: SearchAttributePair[];
  /** One line for people who look at Temporal's UI. */
  readonly summary: string;
  readonly update: UpdateDefinition<Answer, [CommandEnvelope]>;
  readonly envelope: CommandEnvelope;
}

/**
 * Starts the workflow and its first command in one call to Temporal, or attaches to those of an earlier try. An id
 * whose workflow has failed is free again: nothing moved in it.
 */
export async function startWithUpdate<Answer, Input>(
  temporal: Client,
  beginning: Beginning<Answer, Input>,
  waitMs: number,
): Promise<Settled<Answer>> {
  try {
    return await settle(temporal, callOf(temporal, beginning, 'REJECT_DUPLICATE'), waitMs);
  } catch (error) {
    if (faultOf(error)?.type !== 'already_started') throw error;
    const handle = temporal.workflow.getHandle(beginning.workflowId);
    const { status } = await within(temporal, ANSWER_WITHIN_MS, () => handle.describe());
    if (status.name !== 'FAILED') throw error;
    return settle(temporal, callOf(temporal, beginning, 'ALLOW_DUPLICATE_FAILED_ONLY'), waitMs);
  }
}

function callOf<Answer, Input>(
  temporal: Client,
  beginning: Beginning<Answer, Input>,
  reuse: WorkflowIdReusePolicy,
) {
  /** Each serves one call only. */
  const startWorkflowOperation = () =>
    new WithStartWorkflowOperation<(input: Input) => Promise<unknown>>(beginning.workflowType, {
      workflowId: beginning.workflowId,
      taskQueue: beginning.taskQueue,
      args: [beginning.input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: reuse,
      typedSearchAttributes: beginning.searchAttributes,
      staticSummary: beginning.summary,
    });
  const args: [CommandEnvelope] = [beginning.envelope];
  const options: WorkflowUpdateOptions = { updateId: beginning.envelope.commandId };
  return {
    execute: () =>
      temporal.workflow.executeUpdateWithStart(beginning.update, {
        ...options,
        args,
        startWorkflowOperation: startWorkflowOperation(),
      }),
    admit: () =>
      temporal.workflow.startUpdateWithStart(beginning.update, {
        ...options,
        args,
        waitForStage: 'ACCEPTED',
        startWorkflowOperation: startWorkflowOperation(),
      }),
  };
}
