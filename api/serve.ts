import type { Server } from 'node:http';
import type { Express } from 'express';
import { answerClientError } from './http/client-error.ts';

/** Longer than the longest `Prefer: wait`, with the reads after it. */
const REQUEST_WITHIN_MS = 90_000;
const BODY_WITHIN_MS = 15_000;
const CLOSE_WITHIN_MS = 10_000;

/** Listens; a port that is taken is a clear error. */
export function listen(app: Express, { host, port }: { host: string; port: number }): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: NodeJS.ErrnoException) => {
      if (!error) return resolve(server);
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`Port ${port} on ${host} is taken; set API_PORT to another.`) : error);
    });
    server.on('clientError', answerClientError);
    server.requestTimeout = BODY_WITHIN_MS;
    server.headersTimeout = BODY_WITHIN_MS;
    server.setTimeout(REQUEST_WITHIN_MS);
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
  });
}
