import {
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { COMMAND_REFUSED, problem } from '../../domain/errors.ts';
import type { TemporalFault } from '../../temporal/faults.ts';
import { faultOf, problemOfFault } from '../../temporal/faults.ts';
import { WorkflowBehind } from '../../temporal/workflow-behind.ts';

const TASKS_FAIL = 'Unable to query workflow due to Workflow Task in failed state.';
/** Of a workflow, in Temporal's protocol. */
const PAUSED = 8;
const REFUSAL = problem('state_conflict', 'Not now.');

describe("an error of Temporal's client", () => {
  it.each<[string, unknown, TemporalFault['type'] | undefined, number | undefined]>([
    ['an update without an answer', new WorkflowUpdateRPCTimeoutOrCancelledError('late'), 'timeout', 503],
    ['a query without an answer', grpc(4), 'timeout', 503],
    ['a query that was canceled', grpc(1), 'timeout', 503],
    ['a server that is away', grpc(14), 'unreachable', 503],
    ['a key that has expired', grpc(16, 'Request unauthorized.'), 'denied', 503],
    ['a key without the right', grpc(7, 'Request unauthorized.'), 'denied', 503],
    ['a server whose shard moves', grpc(2, 'shard closed'), 'broken', 503],
    ['a server that gives up', grpc(10), 'broken', 503],
    ['a proxy that ends the stream', grpc(13, 'Received RST_STREAM with code 2'), 'broken', 503],
    ['a server that lost data', grpc(15), 'broken', 503],
    ['a request that it does not understand: a bug', grpc(3), undefined, undefined],
    ['a limit of the server', grpc(8), 'busy', 503],
    ['a workflow whose tasks fail', grpc(9, TASKS_FAIL), 'failing', 503],
    ['a query before the next task', new WorkflowBehind(), 'busy', 503],
    ['a history that a worker cannot replay', new QueryNotRegisteredError('TMPRL1100', 3), 'failing', 503],
    ['a run that is about to begin', grpc(9, 'Workflow task is not scheduled yet.'), 'next_run', 503],
    ['a query of a workflow that somebody paused', new QueryRejectedError(PAUSED), 'paused', 503],
    ['a command for it', grpc(9, 'Workflow is paused. Cannot update the workflow.'), 'paused', 503],
    ['no such workflow', new WorkflowNotFoundError('none', 'order/1', undefined), 'not_found', 404],
    [
      'a closed workflow',
      new WorkflowExecutionAlreadyStartedError('x', 'order/1', 'order'),
      'already_started',
      409,
    ],
    ["a validator's no", refused(COMMAND_REFUSED), 'rejected', 409],
    [
      'an update that its workflow did not outlive',
      refused('AcceptedUpdateCompletedWorkflow'),
      'not_found',
      404,
    ],
    ['a bug in a handler', refused('TypeError'), undefined, undefined],
    ['anything else', new Error('what?'), undefined, undefined],
  ])('%s', (_what, error, type, status) => {
    const fault = faultOf(error);
    expect(fault?.type).toBe(type);
    if (fault && status === 503) expect(problemOfFault(fault).code).toBe('unavailable');
    if (fault?.type === 'rejected') expect(problemOfFault(fault)).toEqual(REFUSAL);
  });
});

it('does not blame the connection for a workflow that fails or a server that is busy', () => {
  const details = [grpc(8), grpc(9, TASKS_FAIL)].map((error) => detailOf(error));
  expect(details).toEqual([expect.stringContaining('no more requests'), expect.stringContaining('workflow')]);
  for (const detail of details) expect(detail).not.toMatch(/cannot be reached/);
  expect(detailOf(grpc(14))).toMatch(/cannot be reached/);
});

function detailOf(error: unknown): string | undefined {
  const fault = faultOf(error);
  return fault ? problemOfFault(fault).detail : undefined;
}

function refused(type: string): Error {
  const cause = ApplicationFailure.create({ type, message: 'no', details: [REFUSAL] });
  return new WorkflowUpdateFailedError('failed', cause);
}

function grpc(code: number, details = ''): Error {
  const cause = Object.assign(new Error('grpc'), { code, details, metadata: {} });
  return new ServiceError('failed', { cause });
}
