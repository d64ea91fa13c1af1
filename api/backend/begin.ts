import type { Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { SearchAttributePair, UpdateDefinition } from '@temporalio/common';
import type { CommandEnvelope } from '../../domain/commands/commands.ts';
import { faultOf } from '../../temporal/faults.ts';
import { nullIfLate, READ_WITHIN_MS, within } from './settle.ts';

/** A workflow, and the command that it is started for: part of its input, so that it is durable with the start. */
export interface Beginning<Answer, Input> {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: Input;
  readonly searchAttributes: SearchAttributePair[];
  /** One line for people who look at Temporal's UI. */
  readonly summary: string;
  /** Waits for the command's answer. */
  readonly update: UpdateDefinition<Answer, [CommandEnvelope]>;
  readonly envelope: CommandEnvelope;
  /** An id whose workflow has ended may be used again: this command has the same effect however often it comes. */
  readonly reopens?: boolean;
}

export type Begun<Answer> =
  | { readonly type: 'answered'; readonly answer: Answer }
  /** Durable, and on its way. */
  | { readonly type: 'started' }
  /** No answer in time, or the id was taken before: by this very command, or by another. */
  | { readonly type: 'unclear' };

/** What the start says of itself to those who cannot ask the workflow, since no worker is free. */
export interface BeginningMemo {
  readonly command?: CommandEnvelope;
}

/**
 * Starts the workflow and waits for its answer, in one call to Temporal. An id whose workflow has failed is free again
 * for another command: nothing moved in it.
 */
export async function begin<Answer, Input>(
  temporal: Client,
  beginning: Beginning<Answer, Input>,
  waitMs: number,
): Promise<Begun<Answer>> {
  const first = await tryToBegin(temporal, beginning, 'REJECT_DUPLICATE', waitMs);
  if (first !== 'taken') return first;
  const handle = temporal.workflow.getHandle(beginning.workflowId);
  const { status, memo } = await within(temporal, READ_WITHIN_MS, () => handle.describe());
  const { command } = (memo ?? {}) as BeginningMemo;
  const isFree = status.name === 'FAILED' || (beginning.reopens && status.name !== 'RUNNING');
  if (!isFree || command?.commandId === beginning.envelope.commandId) return { type: 'unclear' };
  const reuse = beginning.reopens ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY';
  const second = await tryToBegin(temporal, beginning, reuse, waitMs);
  return second === 'taken' ? { type: 'unclear' } : second;
}

async function tryToBegin<Answer, Input>(
  temporal: Client,
  beginning: Beginning<Answer, Input>,
  reuse: WorkflowIdReusePolicy,
  waitMs: number,
): Promise<Begun<Answer> | 'taken'> {
  try {
    if (waitMs === 0) {
      const { workflowType } = beginning;
      await within(temporal, READ_WITHIN_MS, () =>
        temporal.workflow.start(workflowType, startOptions(beginning, reuse, 'FAIL')),
      );
      return { type: 'started' };
    }
    const answer = await nullIfLate(within(temporal, waitMs, () => startAndWait(temporal, beginning, reuse)));
    return answer === null ? { type: 'unclear' } : { type: 'answered', answer };
  } catch (error) {
    if (faultOf(error)?.type === 'already_started') return 'taken';
    throw error;
  }
}

function startAndWait<Answer, Input>(
  temporal: Client,
  beginning: Beginning<Answer, Input>,
  reuse: WorkflowIdReusePolicy,
): Promise<Answer> {
  const { workflowType, update, envelope } = beginning;
  return temporal.workflow.executeUpdateWithStart(update, {
    updateId: envelope.commandId,
    args: [envelope],
    startWorkflowOperation: new WithStartWorkflowOperation<(input: Input) => Promise<unknown>>(
      workflowType,
      startOptions(beginning, reuse, 'USE_EXISTING'),
    ),
  });
}

/** With its first command in its memo. */
export function startOptions<Input>(
  {
    workflowId,
    taskQueue,
    input,
    searchAttributes,
    summary,
    envelope,
  }: Omit<Beginning<unknown, Input>, 'update'>,
  reuse: WorkflowIdReusePolicy,
  conflict: WorkflowIdConflictPolicy,
) {
  const args: [Input] = [input];
  return {
    workflowId,
    taskQueue,
    args,
    workflowIdReusePolicy: reuse,
    workflowIdConflictPolicy: conflict,
    typedSearchAttributes: searchAttributes,
    staticSummary: summary,
    memo: { command: envelope } satisfies BeginningMemo,
  };
}
