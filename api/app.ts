import type { Express } from 'express';
import express from 'express';
import helmet from 'helmet';
import swaggerUi from 'swagger-ui-express';
import { createBackend } from './backend/backend.ts';
import { confine } from './backend/confine.ts';
import { createCodecServer } from './codec/codec-server.ts';
import { createConsole } from './console/console.ts';
import { auditRequests } from './http/audit.ts';
import { AuditLog } from './http/audit-log.ts';
import { authenticate } from './http/authenticate.ts';
import type { ApiDeps } from './http/deps.ts';
import { errorHandler, unknownRoute } from './http/error-handler.ts';
import { KeyRing } from './http/key-ring.ts';
import { identifyRequests, logRequests } from './http/log-requests.ts';
import { mount } from './http/mount.ts';
import { limitRate } from './http/rate-limit.ts';
import { Sessions } from './http/sessions.ts';
import { parseQuery } from './http/strict-utf8.ts';
import { createEndpoints } from './routes.ts';

/** Swagger UI is dark for who prefers that, but for the page's own background. */
const API_PAGE = {
  swaggerOptions: { url: '/openapi.json' },
  customCss: 'html.dark-mode body { background: inherit; }',
};

/** The API, ready to listen. */
export function createApp(deps: ApiDeps): Express {
  const backend = createBackend(deps);
  const endpoints = createEndpoints(backend, deps.links.docs);
  const audit =
    deps.auditDir === null ? null : new AuditLog(deps.auditDir, deps.logger, deps.metrics.countUnaudited);
  const keys = new KeyRing(deps, (names) => audit?.write({ type: 'keys', active: names }));
  const sessions = new Sessions(keys, deps.stateSecret, deps.proxyIdentity);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // What goes by a path (the audit log, limits) knows it in one form, and an empty id is no list.
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.set('trust proxy', deps.trustedProxies);
  app.set('query parser', parseQuery);

  if (deps.traceRequests) app.use(deps.traceRequests);
  app.use(identifyRequests, logRequests(deps.logger), deps.metrics.observe);
  if (audit) app.use(auditRequests(audit)).once('close', () => audit.close());
  // Served over plain HTTP on the same machine too, where a browser must not be sent to HTTPS.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } }, hsts: false }));
  app.use('/docs', swaggerUi.serve, swaggerUi.setup(null, API_PAGE));
  app.use('/console', createConsole(deps, sessions));
  app.use('/codec', createCodecServer({ ...deps, keys, sessions, temporalUi: deps.links.temporalUi }));
  app.use(authenticate(keys, sessions), limitRate(deps.limits));
  mount(app, endpoints, {
    ...backend,
    confine: (scope, endpoint, asked) => confine(backend, scope, endpoint, asked),
  });
  app.use(
    unknownRoute,
    errorHandler(deps.logger, () => backend.workers.areGone()),
  );
  return app;
}
