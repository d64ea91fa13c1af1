import type { ActivityFailure } from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/workflow';

/**
 * Whether a bug in Waybill stopped the activity (activities/shared/bugs.ts). `own`: the failure type that is a result,
 * not a bug.
 */
export function isBug({ cause }: ActivityFailure, own: string): boolean {
  return cause instanceof ApplicationFailure && cause.nonRetryable === true && cause.type !== own;
}
