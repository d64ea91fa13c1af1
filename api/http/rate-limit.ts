import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { RateLimits } from '../../config.ts';
import { problem } from '../../domain/errors.ts';
import { stateOf } from './context.ts';
import { problemReply } from './problems.ts';
import { send } from './send.ts';

/**
 * Where Stripe sends its events: from few addresses, many at once, and with a signature instead of a key. Each address has a count of its
 * own: forged events from elsewhere keep none of Stripe's out.
 */
export const WEBHOOK_PATH = '/webhooks/stripe';

/** A probe that is refused would have a healthy process restarted. */
const UNLIMITED = new Set(['/healthz', '/metrics']);
/** It asks Temporal and Stripe, with no key: counted separately, so that nothing else from its address exhausts it. */
const READINESS_PATH = '/readyz';
const READINESS_PER_MINUTE = 300;
const WINDOW_MS = 60_000;

/** The library sets Retry-After itself, from the window's rest. */
const refuseTooMany: RequestHandler = (_req, res) => {
  const { requestId } = stateOf(res);
  const retryAfter = String(res.getHeader('Retry-After') ?? 1);
  const refusal = problem('too_many_requests', `Too many requests; try again in ${retryAfter} s.`);
  send(res, problemReply(refusal, { requestId, headers: { 'Retry-After': retryAfter } }));
};

const EVERY_LIMIT = {
  windowMs: WINDOW_MS,
  // A header of a proxy that is not trusted is ignored, which is no mistake.
  validate: { xForwardedForHeader: false },
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  handler: refuseTooMany,
} as const;

/** Limits requests per API key, or per address where there is no valid key; in this process. */
export function limitRate({ perKey, perAddress }: RateLimits): RequestHandler {
  return rateLimit({
    ...EVERY_LIMIT,
    limit: ({ path }, res) => {
      if (path === READINESS_PATH) return READINESS_PER_MINUTE;
      return stateOf(res).caller || path === WEBHOOK_PATH ? perKey : perAddress;
    },
    keyGenerator: (req, res) => {
      const { caller } = stateOf(res);
      const address = ipKeyGenerator(req.ip ?? '');
      if (req.path === WEBHOOK_PATH) return `stripe:${address}`;
      if (req.path === READINESS_PATH) return `ready:${address}`;
      return caller ? `key:${caller.name}` : `ip:${address}`;
    },
    skip: ({ path }) => UNLIMITED.has(path),
  });
}

/** Limits how often one address may fail to sign in; in this process. */
export function limitSignIn(perMinute: number): RequestHandler {
  return rateLimit({
    ...EVERY_LIMIT,
    limit: perMinute,
    keyGenerator: ({ ip }) => ipKeyGenerator(ip ?? ''),
    skipSuccessfulRequests: true,
  });
}
