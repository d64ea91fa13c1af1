import { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Progress } from '../activities/shared/progress.ts';

/** Often enough for the heartbeat timeout of workflows/entity/perform.ts, three times over. */
const HEARTBEAT_EVERY_MS = 3_000;

/** What running attempts have noted. */
const noted = new WeakMap<Context, unknown>();

export const progress: Progress = {
  known: () => Context.current().info.heartbeatDetails,
  note(details) {
    const context = Context.current();
    noted.set(context, details);
    context.heartbeat(details);
  },
};

/**
 * Lets Temporal know that an activity still has its worker. Without it, a killed worker's activity would only be given to
 * another when all its time is over: too long for somebody who waits for a refund or a payout. Each heartbeat replaces the
 * one before it, so it carries the progress that this attempt noted, or otherwise that of an earlier one.
 */
export const heartbeats: ActivityInterceptorsFactory = (context: Context) => ({
  inbound: {
    async execute(input, next) {
      const { heartbeatTimeoutMs, heartbeatDetails } = context.info;
      if (heartbeatTimeoutMs === undefined) return next(input);
      const details = () => (noted.has(context) ? noted.get(context) : heartbeatDetails);
      const timer = setInterval(() => context.heartbeat(details()), HEARTBEAT_EVERY_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  },
});
