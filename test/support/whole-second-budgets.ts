import { msToNumber } from '@temporalio/common/lib/time.js';
import type { WorkflowInterceptors } from '@temporalio/workflow';

/** A microsecond, in milliseconds. */
const INSTANT_MS = 0.001;

/**
 * Part of the workflow bundle on the time-skipping server. That server takes a deadline on a whole second for no deadline at all
 * (`expirationTime.getNanos() != 0` in its TestServiceRetryState, up to 1.39 at least): one activity in a thousand is retried
 * past its budget, until it succeeds. A microsecond more keeps every deadline off the whole second, since its clock counts
 * milliseconds.
 */
export function interceptors(): WorkflowInterceptors {
  return {
    outbound: [
      {
        scheduleActivity(input, next) {
          const { scheduleToCloseTimeout: budget } = input.options;
          if (budget === undefined) return next(input);
          const scheduleToCloseTimeout = msToNumber(budget) + INSTANT_MS;
          return next({ ...input, options: { ...input.options, scheduleToCloseTimeout } });
        },
      },
    ],
  };
}
