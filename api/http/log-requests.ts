import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { withLogFacts } from '../../telemetry/log-facts.ts';
import { stateOf } from './context.ts';
import { shownPath } from './shown-path.ts';

const CALLERS_ID = 'X-Request-Id';
/** What can be searched for in a log as it is. */
const CALLERS_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:/+=@-]{0,127}$/;

/**
 * Gives each request an id of its own (`Request-Id`), which all its log lines have. The caller's own `X-Request-Id` is logged beside it and
 * sent back; one that is no plain id is ignored, like an unknown header.
 */
export const identifyRequests: RequestHandler = (req, res, next) => {
  const { requestId, facts } = stateOf(res);
  res.set('Request-Id', requestId);
  const callers = req.get(CALLERS_ID);
  if (callers !== undefined && CALLERS_ID_PATTERN.test(callers)) {
    facts.caller_request_id = callers;
    res.set(CALLERS_ID, callers);
  }
  withLogFacts(facts, next);
};

/** What asks often, and about nothing. */
const PROBES = /^\/(healthz|readyz|metrics)\b/;

/**
 * One line a request, once its answer is sent or its caller has gone. No headers, no query and no bodies: nothing that could hold a key or a
 * token.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const { method } = req;
    const path = shownPath(req);
    if (PROBES.test(path)) return next();
    const startedAt = performance.now();
    res.once('close', () => {
      const { statusCode: status, writableFinished } = res;
      const level = status >= 500 ? 'error' : 'info';
      if (!logger.isLevelEnabled(level)) return;
      const { caller, route, facts } = stateOf(res);
      const line = {
        req: { method, path },
        res: { status: res.headersSent ? status : null },
        duration_ms: Math.round(performance.now() - startedAt),
        ...facts,
        caller: caller?.name ?? null,
        route,
      };
      logger[level](
        line,
        status >= 500 ? 'request errored' : writableFinished ? 'request completed' : 'request aborted',
      );
    });
    next();
  };
}
