import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { problem } from '../../domain/errors.ts';
import { problemReply } from '../problems.ts';
import { stateOf } from './context.ts';
import { send } from './send.ts';

/** Where Stripe sends its events: from few addresses, many at once, and with a signature instead of a key. */
export const WEBHOOK_PATH = '/webhooks/stripe';

const PROBES = new Set(['/healthz', '/readyz', '/metrics']);
const WINDOW_MS = 60_000;
/** A limit against runaway loops, far above what a service needs. */
const REQUESTS_PER_MINUTE_DEFAULT = 120_000;
/** Without a valid key, per address: enough to mistype it, too few to guess it. */
const ANONYMOUS_PER_MINUTE = 600;

/** Limits requests per API key, or per address where there is no valid key; in this process. */
export function limitRate(requestsPerMinute = REQUESTS_PER_MINUTE_DEFAULT): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: ({ path }, res) =>
      stateOf(res).caller || path === WEBHOOK_PATH
        ? requestsPerMinute
        : Math.min(requestsPerMinute, ANONYMOUS_PER_MINUTE),
    keyGenerator: (req, res) => {
      const { caller } = stateOf(res);
      if (req.path === WEBHOOK_PATH) return 'stripe';
      return caller ? `key:${caller.name}` : `ip:${ipKeyGenerator(req.ip ?? '')}`;
    },
    // Probes come from one address, and a probe that is refused would have a healthy process restarted.
    skip: ({ path }) => PROBES.has(path),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Sets Retry-After itself, from the window's rest.
    handler: (_req, res) => {
      const { requestId } = stateOf(res);
      const retryAfter = String(res.getHeader('Retry-After') ?? 1);
      const refusal = problem('too_many_requests', `Too many requests; try again in ${retryAfter} s.`);
      send(res, problemReply(refusal, { requestId, headers: { 'Retry-After': retryAfter } }));
    },
  });
}
