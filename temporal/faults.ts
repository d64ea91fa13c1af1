import {
  QueryNotRegisteredError,
  QueryRejectedError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, NamespaceNotFoundError } from '@temporalio/common';
import type { Problem } from '../domain/errors.ts';
import { COMMAND_CARRIED, COMMAND_REFUSED, problem } from '../domain/errors.ts';
import { GRPC, grpcErrorOf } from './grpc-code.ts';
import { TemporalGone } from './unless-gone.ts';
import { isBehind } from './workflow-behind.ts';

/** What an error of Temporal's client means for a request. */
export type TemporalFault =
  /** No answer in time: what became of it is not known. */
  | { readonly type: 'timeout' }
  /** The same, and no worker is there that could answer. */
  | { readonly type: 'no_worker' }
  | { readonly type: 'unreachable' }
  /** It does not take this process's key or certificate, or no more: it has expired. */
  | { readonly type: 'denied' }
  /** The server, or what is before it, fails: what became of it is not known. */
  | { readonly type: 'broken' }
  /** The server answers, but takes no more of this for now, or the workflow's next task comes first. */
  | { readonly type: 'busy' }
  /** The workflow's own tasks fail, or it cannot answer a query: a bug, or code that does not fit its history. */
  | { readonly type: 'failing' }
  /** Somebody has paused the workflow in Temporal: it answers and does nothing, until it is unpaused. */
  | { readonly type: 'paused' }
  /** No such workflow, or it has ended and accepts no more commands. */
  | { readonly type: 'not_found' }
  /** The id's workflow has ended, and its policy does not allow another. */
  | { readonly type: 'already_started' }
  /** The workflow's next run is about to begin: the same request finds everything there, a command that waits too. */
  | { readonly type: 'next_run' }
  /** The workflow said no. */
  | { readonly type: 'rejected'; readonly problem: Problem };

/** A run begins as the last one ends, or up to a second later where that one was short. */
export const NEXT_RUN_AGAIN_MS = 20;

/** Server's failure type of an update whose workflow ended before the update did. */
const ENDED_MEANWHILE = 'AcceptedUpdateCompletedWorkflow';

/** Null: not Temporal's doing, or a bug. */
export function faultOf(error: unknown): TemporalFault | null {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return { type: 'timeout' };
  if (error instanceof WorkflowExecutionAlreadyStartedError) return { type: 'already_started' };
  if (error instanceof WorkflowNotFoundError) return { type: 'not_found' };
  if (error instanceof TemporalGone) return { type: 'unreachable' };
  if (error instanceof NamespaceNotFoundError) return { type: 'unreachable' };
  if (error instanceof WorkflowUpdateFailedError) return faultOfFailure(error.cause);
  if (isBehind(error)) return { type: 'busy' };
  // So the SDK calls every query that a worker answers with a failure, as where it cannot replay the history.
  if (error instanceof QueryNotRegisteredError) return { type: 'failing' };
  // No query here asks to be rejected by a state; one that is paused rejects all.
  if (error instanceof QueryRejectedError) return { type: 'paused' };
  return faultOfGrpc(grpcErrorOf(error));
}

/** The problem that a caller gets for a fault, unless the calling code has a better one. */
export function problemOfFault(fault: TemporalFault): Problem {
  switch (fault.type) {
    case 'timeout':
      return problem(
        'unavailable',
        'No worker answered in time, so the outcome is unknown. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'no_worker':
      return problem(
        'unavailable',
        'No worker is running, so nothing can be answered or done. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'unreachable':
      return problem(
        'unavailable',
        'Temporal cannot be reached. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'denied':
      return problem(
        'unavailable',
        'Temporal does not let this service in. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'broken':
      return problem(
        'unavailable',
        'Temporal failed, so the outcome is unknown. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'busy':
    case 'next_run':
      return problem(
        'unavailable',
        'Temporal accepts no more requests for this object now. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'failing':
      return problem(
        'unavailable',
        'The workflow of this object fails and cannot answer until its code is fixed. Repeat the request with the same Idempotency-Key; it never runs twice.',
      );
    case 'paused':
      return problem(
        'unavailable',
        'Somebody has paused the workflow of this object in Temporal, so it does nothing until it is unpaused. Repeat the request with the same Idempotency-Key; it never runs twice.',
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
  if (cause.type === COMMAND_CARRIED) return { type: 'next_run' };
  const [refusal] = cause.details ?? [];
  return cause.type === COMMAND_REFUSED ? { type: 'rejected', problem: refusal as Problem } : null;
}

/** Temporal's words of a workflow whose tasks fail (service/history/api/queryworkflow/api.go, updateworkflow/api.go). */
const TASKS_FAIL = 'Workflow Task in failed state';
/** And of one that somebody has paused, from server 1.30 on (service/history/api/updateworkflow/api.go). */
const IS_PAUSED = 'Workflow is paused';

function typeOfNotReady(details: string): 'failing' | 'paused' | 'next_run' {
  if (details.includes(TASKS_FAIL)) return 'failing';
  return details.includes(IS_PAUSED) ? 'paused' : 'next_run';
}

const DENIED: ReadonlySet<number> = new Set([GRPC.PERMISSION_DENIED, GRPC.UNAUTHENTICATED]);
/** None of them is what was asked: that is `INVALID_ARGUMENT`, which is a bug here. */
const BROKEN: ReadonlySet<number> = new Set([GRPC.UNKNOWN, GRPC.ABORTED, GRPC.INTERNAL, GRPC.DATA_LOSS]);

function faultOfGrpc(error: ReturnType<typeof grpcErrorOf>): TemporalFault | null {
  if (error === null) return null;
  const { code, details } = error;
  if (code === GRPC.DEADLINE_EXCEEDED || code === GRPC.CANCELLED) return { type: 'timeout' };
  if (code === GRPC.NOT_FOUND) return { type: 'not_found' };
  // Temporal's limits, or the 10 updates in flight of one workflow.
  if (code === GRPC.RESOURCE_EXHAUSTED) return { type: 'busy' };
  // "Not ready": its tasks fail, or a run that began within a second of the last one waits for the rest of that second.
  if (code === GRPC.FAILED_PRECONDITION) return { type: typeOfNotReady(details) };
  if (DENIED.has(code)) return { type: 'denied' };
  if (BROKEN.has(code)) return { type: 'broken' };
  return code === GRPC.UNAVAILABLE ? { type: 'unreachable' } : null;
}
