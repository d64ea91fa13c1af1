import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { stateOf } from './context.ts';

/** One line a request. No headers, no query and no bodies: nothing that could hold a key or a token. */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp<IncomingMessage, Response>({
    logger,
    genReqId: (_req, res) => stateOf(res).requestId,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'request_id', responseTime: 'duration_ms' },
    serializers: {
      req: ({ method, url }: { method: string; url: string }) => ({ method, path: url.split('?')[0] }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    },
    customProps: (_req, res) => {
      const { caller, route } = stateOf(res);
      return { caller: caller?.name ?? null, route };
    },
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
    autoLogging: { ignore: ({ url }) => /^\/(healthz|readyz|metrics)\b/.test(url ?? '') },
  });
}
