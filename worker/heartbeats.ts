import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** Often enough for the heartbeat timeout of workflows/entity/perform.ts, three times over. */
const HEARTBEAT_EVERY_MS = 3_000;

/**
 * Lets Temporal know that an activity still has its worker. Without it, a killed worker's activity would only be given to
 * another when all its time is over: too long for somebody who waits for a refund or a payout. What an earlier attempt noted
 * is passed on: a heartbeat replaces it.
 */
export const heartbeats: ActivityInterceptorsFactory = (context: Context) => ({
  inbound: {
    async execute(input, next) {
      const { heartbeatTimeoutMs, heartbeatDetails } = context.info;
      if (heartbeatTimeoutMs === undefined) return next(input);
      const timer = setInterval(() => context.heartbeat(heartbeatDetails), HEARTBEAT_EVERY_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  },
});
