import { ServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { fromJson } from '../runtime/jobs.ts';
import { searchAttributesOf } from '../runtime/workflow-run.ts';
import type { Execution, Update } from './execution.ts';

const DEADLINE_EXCEEDED = 4;

export function startedEvent({ beginning, startedAt }: Execution) {
  const args = fromJson(beginning.args) as readonly unknown[];
  const payloads = args.map((one) => defaultPayloadConverter.toPayload(one));
  return {
    eventTime: { seconds: Math.floor(startedAt / 1_000), nanos: (startedAt % 1_000) * 1e6 },
    workflowExecutionStartedEventAttributes: { input: { payloads } },
  };
}

export function described(execution: Execution) {
  const { workflowId, runId, status, memo, searchAttributes, startedAt } = execution;
  return {
    workflowId,
    runId,
    status: { name: status },
    memo,
    startTime: new Date(startedAt),
    typedSearchAttributes: searchAttributesOf(searchAttributes),
  };
}

/** What an update has come to; null: nothing yet; `moved`: its run ended before it was let in. */
export function answerOf(
  execution: Execution,
  { stage, outcome }: Update,
  wanted: 'accepted' | 'completed',
): { value: unknown } | { error: Error } | 'moved' | null {
  if (outcome) {
    if ('failure' in outcome)
      return { error: new WorkflowUpdateFailedError('Update failed', outcome.failure) };
    return { value: fromJson(outcome.value) };
  }
  if (stage === 'accepted' && wanted === 'accepted') return { value: null };
  if (execution.isOpen) return null;
  return stage === 'admitted' ? 'moved' : { error: gone(execution.workflowId) };
}

export function gone(workflowId: string): Error {
  return new WorkflowNotFoundError('workflow not found', workflowId, undefined);
}

export function late(): Error {
  const cause = Object.assign(new Error('4 DEADLINE_EXCEEDED'), {
    code: DEADLINE_EXCEEDED,
    details: 'Deadline exceeded',
    metadata: {},
  });
  return new ServiceError('deadline exceeded', { cause });
}
