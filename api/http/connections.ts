import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { ConnectionLimit } from './metrics.ts';

export interface ConnectionLimits {
  /** How many connections at a time. */
  readonly connectionsMax: number;
  /** Whose callers share its address. */
  readonly isProxy: (address: string) => boolean;
  readonly logger: Pick<Logger, 'warn'>;
  /** Called for each connection that is closed. */
  readonly countDropped: (limit: ConnectionLimit) => void;
}

/** Of all connections: a caller that opens many leaves room for others. */
const ADDRESS_SHARE = 0.5;
/** Files that a process opens besides: its log, its modules, its calls to Temporal and Stripe. */
const OWN_FILES = 256;
const CONNECTIONS_MIN = 16;
/** How often the log says that connections were closed. */
const SAID_EVERY_MS = 60_000;

/** Closes connections that are too many, as soon as they are made: a full table of files would stop the process's own calls too. */
export function limitConnections(
  server: Server,
  { connectionsMax, isProxy, logger, countDropped }: ConnectionLimits,
): void {
  const max = atMost(connectionsMax, openFilesMax(), logger);
  const perAddress = Math.ceil(max * ADDRESS_SHARE);
  const open = new Map<string, number>();
  let saidAt = Number.NEGATIVE_INFINITY;
  const sayClosed = (address: string | undefined, limit: ConnectionLimit) => {
    countDropped(limit);
    if (performance.now() - saidAt < SAID_EVERY_MS) return;
    saidAt = performance.now();
    logger.warn({ address, max, perAddress }, 'connections are closed: there are too many');
  };
  server.maxConnections = max;
  server.on('drop', (dropped) => sayClosed(dropped?.remoteAddress, 'connections'));
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address = '' } = socket;
    const here = open.get(address) ?? 0;
    if (here >= perAddress && !isProxy(address)) {
      sayClosed(address, 'address');
      socket.destroy();
      return;
    }
    open.set(address, here + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 0) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}

/** Fewer where the process may not open as many files. */
function atMost(connectionsMax: number, openFiles: number | null, logger: Pick<Logger, 'warn'>): number {
  if (openFiles === null || connectionsMax + OWN_FILES <= openFiles) return connectionsMax;
  const max = Math.max(CONNECTIONS_MIN, openFiles - OWN_FILES);
  if (max >= connectionsMax) return connectionsMax;
  logger.warn(
    `This process may open ${openFiles} files, so it takes ${max} connections at a time instead of ${connectionsMax}. ` +
      'Raise its limit (ulimit -n), or lower WAYBILL_CONNECTIONS_MAX.',
  );
  return max;
}

/** Null: without a limit, or this system does not say. Node itself raises the soft limit to the hard one. */
function openFilesMax(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
