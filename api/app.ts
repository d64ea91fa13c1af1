import type { Express } from 'express';
import express from 'express';
import helmet from 'helmet';
import swaggerUi from 'swagger-ui-express';
import { createBackend } from './backend/backend.ts';
import { authenticate } from './http/authenticate.ts';
import { stateOf } from './http/context.ts';
import type { ApiDeps } from './http/deps.ts';
import { errorHandler, unknownRoute } from './http/error-handler.ts';
import { logRequests } from './http/log-requests.ts';
import { createMetrics } from './http/metrics.ts';
import { mount } from './http/mount.ts';
import { limitRate } from './http/rate-limit.ts';
import { parseQuery } from './http/strict-utf8.ts';
import { createEndpoints } from './routes.ts';

/** The API, ready to listen. */
export function createApp(deps: ApiDeps): Express {
  const metrics = createMetrics();
  const backend = createBackend(deps);
  const endpoints = createEndpoints(backend, metrics);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', deps.trustedProxies);
  app.set('query parser', parseQuery);

  app.use((_req, res, next) => {
    res.set('Request-Id', stateOf(res).requestId);
    next();
  });
  app.use(logRequests(deps.logger), metrics.observe);
  // Served over plain HTTP on the same machine too, where a browser must not be sent to HTTPS.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } }, hsts: false }));
  app.use('/docs', swaggerUi.serve, swaggerUi.setup(null, { swaggerOptions: { url: '/openapi.json' } }));
  app.use(authenticate(deps.keys), limitRate(deps.limits));
  mount(app, endpoints, backend.stripeReads);
  app.use(unknownRoute, errorHandler(deps.logger));
  return app;
}
