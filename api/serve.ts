import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { answerClientError } from './http/client-error.ts';
import { limitConnections } from './http/connections.ts';
import type { Metrics } from './http/metrics.ts';

/** Longer than the longest `Prefer: wait`, with the reads after it. */
const REQUEST_WITHIN_MS = 90_000;
const BODY_WITHIN_MS = 15_000;
const CLOSE_WITHIN_MS = 10_000;
/**
 * Longer than what is before the API keeps an idle connection (60 s for AWS and nginx): where the API closes it first, a request that is
 * on its way over it is lost, and its caller gets a 502.
 */
const IDLE_MS = 75_000;
/** How late a request that is too slow may be noticed; Node's own interval is 30 s. */
const NOTICED_EVERY_MS = 1_000;

interface Listening {
  readonly host: string;
  readonly port: number;
  readonly connectionsMax: number;
  readonly logger: Pick<Logger, 'warn'>;
  readonly metrics: Pick<Metrics, 'countDropped'>;
}

/** Listens, and emits `close` on the app once it has ended; a port that is taken is a clear error. */
export function listen(
  app: Express,
  { host, port, connectionsMax, logger, metrics }: Listening,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ connectionsCheckingInterval: NOTICED_EVERY_MS }, app);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`Port ${port} on ${host} is taken; set API_PORT to another.`) : error);
    });
    const trusts: (address: string, hop: number) => boolean = app.get('trust proxy fn');
    const { countDropped } = metrics;
    limitConnections(server, {
      connectionsMax,
      logger,
      countDropped,
      isProxy: (address) => trusts(address, 0),
    });
    // Node itself would answer 417, with no Request-Id. An expectation that is not known may be ignored (RFC 9110, 10.1.1).
    server.on('checkExpectation', app);
    server.once('close', () => app.emit('close'));
    server.on('clientError', (error, socket) => answerClientError(error, socket, countDropped));
    server.requestTimeout = BODY_WITHIN_MS;
    server.headersTimeout = BODY_WITHIN_MS;
    server.setTimeout(REQUEST_WITHIN_MS);
    server.keepAliveTimeout = IDLE_MS;
    server.listen(port, host, () => resolve(server));
  });
}

/**
 * Stops accepting and lets the requests in flight end. One that waits longer is cut off: its command goes on without
 * it, and its caller finds the answer under the same Idempotency-Key.
 */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
    // Those of the requests in flight wait for no next one.
    server.keepAliveTimeout = 1;
  });
}
