import type { ActivityFailure } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/workflow';

/** Whether a bug in Waybill stopped the activity (activities/shared/bugs.ts). `own`: type of a failure that is the activity's result. */
export function isBug({ cause }: ActivityFailure, own: string): boolean {
  return cause instanceof ApplicationFailure && cause.nonRetryable === true && cause.type !== own;
}
