import type { Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Priority, SearchAttributePair } from '@temporalio/common';
import type { BeginningUpdate, BriefAnswer } from '../../contract/command-messages.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { faultOf } from '../../temporal/faults.ts';
import { isOpen, wasStopped } from '../../temporal/workflow-status.ts';
import { nullIfLate, READ_WITHIN_MS, within } from './wait.ts';

/** A workflow, and the command that it is started for: part of its input, so that it is durable with the start. */
export interface Beginning<State, Input> {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: Input;
  readonly searchAttributes: SearchAttributePair[];
  /** What a list shows of it. */
  readonly memo?: { readonly summary: object };
  /** Whose turn it is among those that wait for a worker. */
  readonly priority?: Priority;
  /** One line for people who look at Temporal's UI. */
  readonly summary: string;
  /** What it was started for, in a sentence: likewise. */
  readonly details: string;
  /** Waits for the command's answer. */
  readonly update: BeginningUpdate<State>;
  readonly envelope: CommandEnvelope;
  /** An id whose workflow has ended may be used again: this command has the same effect however often it comes. */
  readonly reopens?: boolean;
}

export type Begun<State> =
  | { readonly type: 'answered'; readonly answer: BriefAnswer<State> }
  /** Durable, and on its way. */
  | { readonly type: 'started' }
  /** No answer in time, or the id was taken before: by this very command, or by another. */
  | { readonly type: 'unclear' };

/** What the workflow of an id says of itself, where there is one. */
interface Earlier {
  /** What it was started for. */
  firstCommand(): Promise<CommandEnvelope | undefined>;
  /** Whether it was stopped while this command was on its way there. */
  wasCutOff(): Promise<boolean>;
}

/**
 * Starts the workflow and waits for its answer, in one call to Temporal. An id whose workflow has failed is free again
 * for another command: nothing moved in it. One that was stopped before its first command ended begins again with the same one.
 */
export async function begin<State, Input>(
  temporal: Client,
  beginning: Beginning<State, Input>,
  { firstCommand, wasCutOff }: Earlier,
  waitMs: number,
): Promise<Begun<State>> {
  const first = await tryToBegin(temporal, beginning, 'REJECT_DUPLICATE', waitMs);
  if (first !== 'taken') return first;
  const handle = temporal.workflow.getHandle(beginning.workflowId);
  const described = await within(temporal, READ_WITHIN_MS, () => handle.describe());
  const isFree = described.status.name === 'FAILED' || (beginning.reopens && !isOpen(described));
  if (!isFree && !wasStopped(described)) return { type: 'unclear' };
  const isSame = (await firstCommand())?.commandId === beginning.envelope.commandId;
  const begins = isSame ? wasStopped(described) && (await wasCutOff()) : isFree;
  if (!begins) return { type: 'unclear' };
  const reuse = beginning.reopens || isSame ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY';
  const second = await tryToBegin(temporal, beginning, reuse, waitMs);
  return second === 'taken' ? { type: 'unclear' } : second;
}

async function tryToBegin<State, Input>(
  temporal: Client,
  beginning: Beginning<State, Input>,
  reuse: WorkflowIdReusePolicy,
  waitMs: number,
): Promise<Begun<State> | 'taken'> {
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
    // Not found: it was there, and was stopped while its answer was waited for.
    const type = faultOf(error)?.type;
    if (type === 'already_started' || type === 'not_found') return 'taken';
    throw error;
  }
}

function startAndWait<State, Input>(
  temporal: Client,
  beginning: Beginning<State, Input>,
  reuse: WorkflowIdReusePolicy,
): Promise<BriefAnswer<State>> {
  const { workflowType, update, envelope } = beginning;
  return temporal.workflow.executeUpdateWithStart(update, {
    updateId: envelope.commandId,
    args: [],
    startWorkflowOperation: new WithStartWorkflowOperation<(input: Input) => Promise<unknown>>(
      workflowType,
      startOptions(beginning, reuse, 'USE_EXISTING'),
    ),
  });
}

export function startOptions<Input>(
  {
    workflowId,
    taskQueue,
    input,
    searchAttributes,
    memo,
    priority,
    summary,
    details,
  }: Omit<Beginning<unknown, Input>, 'update' | 'envelope'>,
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
    ...(priority && { priority }),
    staticSummary: summary,
    staticDetails: details,
    ...(memo && { memo }),
  };
}
