import {
  QueryNotRegisteredError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, NamespaceNotFoundError } from '@temporalio/common';
import type { Problem } from '../domain/errors.ts';
import { COMMAND_REFUSED, problem } from '../domain/errors.ts';
import { GRPC, grpcCodeOf } from './grpc-code.ts';

/** What an error of Temporal's client means for a request. */
export type TemporalFault =
  /** No answer in time: what became of it is not known. */
  | { readonly type: 'timeout' }
  | { readonly type: 'unreachable' }
  /** The server answers, but accepts no more of this for now. */
  | { readonly type: 'busy' }
  /** The workflow's own tasks fail: a bug, or code that does not fit its history. */
  | { readonly type: 'failing' }
  /** No such workflow, or it has ended and accepts no more commands. */
  | { readonly type: 'not_found' }
  /** The id's workflow has ended, and its policy does not allow another. */
  | { readonly type: 'already_started' }
  /** The workflow said no. */
  | { readonly type: 'rejected'; readonly problem: Problem };

/** Server's failure type of an update whose workflow ended before the update did. */
const ENDED_MEANWHILE = 'AcceptedUpdateCompletedWorkflow';

/** Null: not Temporal's doing, or a bug. */
export function faultOf(error: unknown): TemporalFault | null {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return { type: 'timeout' };
  if (error instanceof WorkflowExecutionAlreadyStartedError) return { type: 'already_started' };
  if (error instanceof WorkflowNotFoundError) return { type: 'not_found' };
  if (error instanceof NamespaceNotFoundError) return { type: 'unreachable' };
  if (error instanceof WorkflowUpdateFailedError) return faultOfFailure(error.cause);
  if (error instanceof QueryNotRegisteredError) return null;
  return faultOfGrpc(grpcCodeOf(error));
}

/** The problem that a caller gets for a fault, unless the calling code has a better one. */
export function problemOfFault(fault: TemporalFault): Problem {
  switch (fault.type) {
    case 'timeout':
      return problem(
        'unavailable',
        'No worker answered in time, so the outcome is unknown. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'unreachable':
      return problem(
        'unavailable',
        'Temporal cannot be reached. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'busy':
      return problem(
        'unavailable',
        'Temporal accepts no more requests for this object now. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'failing':
      return problem(
        'unavailable',
        'The workflow of this object fails and cannot answer until its code is fixed. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'not_found':
      return problem('not_found', 'There is no such object.');
    case 'already_started':
      return problem('state_conflict', 'This id belongs to an object that has ended. Choose another.', {
        param: 'id',
      });
    case 'rejected':
      return fault.problem;
  }
}

function faultOfFailure(cause: Error | undefined): TemporalFault | null {
  if (!(cause instanceof ApplicationFailure)) return null;
  if (cause.type === ENDED_MEANWHILE) return { type: 'not_found' };
  const [refusal] = cause.details ?? [];
  return cause.type === COMMAND_REFUSED ? { type: 'rejected', problem: refusal as Problem } : null;
}

function faultOfGrpc(code: number | null): TemporalFault | null {
  if (code === GRPC.DEADLINE_EXCEEDED || code === GRPC.CANCELLED) return { type: 'timeout' };
  if (code === GRPC.NOT_FOUND) return { type: 'not_found' };
  // Temporal's limits, or the 10 updates in flight of one workflow.
  if (code === GRPC.RESOURCE_EXHAUSTED) return { type: 'busy' };
  // A query of a workflow whose tasks fail.
  if (code === GRPC.FAILED_PRECONDITION) return { type: 'failing' };
  return code === GRPC.UNAVAILABLE ? { type: 'unreachable' } : null;
}
