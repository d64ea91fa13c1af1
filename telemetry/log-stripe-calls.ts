import type { Logger } from 'pino';
import type { StripeObserver } from '../stripe/observed-http-client.ts';
import { noteLogFacts } from './log-facts.ts';

/** A line for each call: what changes something at `info`, what only reads at `debug`, what failed at `warn`. */
export function logStripeCalls(logger: Logger): StripeObserver {
  return ({ method, path, idempotencyKey, account }) =>
    ({ outcome, status, requestId, durationMs }) => {
      if (requestId !== null) noteLogFacts({ stripe_request_id: requestId });
      const line = {
        method,
        path,
        status,
        outcome,
        duration_ms: Math.round(durationMs),
        stripe_request_id: requestId,
        ...(idempotencyKey === null ? {} : { idempotency_key: idempotencyKey }),
        ...(account === null ? {} : { stripe_account: account }),
      };
      const failed = outcome === 'failed' || outcome === 'no_answer' || outcome === 'unauthorized';
      logger[failed ? 'warn' : method === 'GET' ? 'debug' : 'info'](line, 'Stripe call');
    };
}
