import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { withLogFacts } from '../../telemetry/log-facts.ts';
import { stateOf } from './context.ts';

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

/** One line a request. No headers, no query and no bodies: nothing that could hold a key or a token. */
export function logRequests(logger: Logger): RequestHandler {
  const line = (res: Response, more: object) => {
    const { caller, route, facts } = stateOf(res);
    return { ...more, ...facts, caller: caller?.name ?? null, route };
  };
  return pinoHttp<IncomingMessage, Response>({
    logger,
    customAttributeKeys: { responseTime: 'duration_ms' },
    serializers: {
      req: ({ method, url }: { method: string; url: string }) => ({ method, path: url.split('?')[0] }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    },
    customSuccessObject: (_req, res, value) => line(res, value),
    customErrorObject: (_req, res, _error, value) => line(res, value),
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
    autoLogging: { ignore: ({ url }) => /^\/(healthz|readyz|metrics)\b/.test(url ?? '') },
  });
}
