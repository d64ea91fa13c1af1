import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Worker } from '@temporalio/worker';

export interface Readiness {
  /** What the worker is doing: waiting for Temporal, polling, or on its way out. */
  readonly worker: 'waiting' | 'running' | 'stopping';
  readonly temporal: 'reachable' | 'unreachable';
  /** What it waits for before it starts; absent: for nothing. */
  readonly waiting_for?: string | undefined;
}

/** What a process's workers are doing; none: it still waits for Temporal. */
export function workersState(workers: readonly Worker[]): Readiness['worker'] {
  if (workers.length === 0) return 'waiting';
  return workers.every((worker) => worker.getState() === 'RUNNING') ? 'running' : 'stopping';
}

/**
 * `/healthz` says that the process lives, `/readyz` whether it works: 200, or 503 with what is missing. `address`: `host:port`;
 * null: nowhere. Rejects where the port is taken.
 */
export async function serveHealth(
  address: string | null,
  readiness: () => Promise<Readiness>,
): Promise<void> {
  if (address === null) return;
  const server = createServer(async ({ url }, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url === '/healthz') return answer(200, { status: 'ok' });
    if (url !== '/readyz') return answer(404, { status: 'not_found' });
    const ready = await readiness();
    const isReady = ready.worker === 'running' && ready.temporal === 'reachable';
    answer(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not_ready', ...ready });
  });
  server.listen(listenOptions(address));
  await once(server, 'listening');
  server.unref();
}

/** Of `host:port`. An address of IPv6 may be in brackets, as where metrics are served it has to be. */
export function listenOptions(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  const [, bracketed] = /^\[(.+)\]$/.exec(address.slice(0, colon)) ?? [];
  return { host: bracketed ?? address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
