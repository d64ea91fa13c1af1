import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { STRIPE_RETRYABLE } from '../domain/errors.ts';

const FIRST_DELAY_MS = 1_000;
/** So that what an outage stopped goes on within a minute of its end. */
const DELAY_MAX_MS = 45_000;

/**
 * How long to wait after the `attempt`th attempt (from 1), in milliseconds: twice as long each time, up to 45 s, of which a
 * random half is taken off so that what failed together does not come back together. Never before `notBeforeMs`.
 */
export function retryDelayMs(attempt: number, notBeforeMs: number, random: () => number): number {
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), DELAY_MAX_MS);
  return notBeforeMs + Math.round(delayMs * (0.5 + random() / 2));
}

/** Decides when a Stripe call that may succeed later is repeated: Temporal's own retry policy knows no jitter. */
export const retryDelays: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        if (!(error instanceof ApplicationFailure && error.type === STRIPE_RETRYABLE)) throw error;
        const { type, message, details } = error;
        const notBeforeMs = Number(error.nextRetryDelay ?? 0);
        const nextRetryDelay = retryDelayMs(info.attempt, notBeforeMs, Math.random);
        // A workflow does not see the delay itself; where Stripe asked for none, it may go on at once.
        const retryDelay = notBeforeMs > 0 ? [nextRetryDelay] : [];
        throw ApplicationFailure.create({
          type,
          message,
          details: [...(details ?? []), ...retryDelay],
          nextRetryDelay,
        });
      }
    },
  },
});
