import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { GRPC, grpcCodeOf } from '../temporal/grpc-code.ts';

const FIRST_WAIT_MS = 500;
const WAIT_MAX_MS = 10_000;
/** Canceled: by this side's deadline, as the native connection tells it. Not found: a namespace that is being made. */
const PASSING: ReadonlySet<number> = new Set([
  GRPC.CANCELLED,
  GRPC.DEADLINE_EXCEEDED,
  GRPC.NOT_FOUND,
  GRPC.UNAVAILABLE,
]);

export interface Waiting {
  readonly log: Logger;
  readonly address: string;
  readonly namespace: string;
  /** What is waited for now; undefined: nothing. */
  what?: string | undefined;
}

/**
 * Does what a worker needs of Temporal before it starts, and waits as long as Temporal does not answer, or the namespace is not there: a
 * deployment starts its parts in any order. A refusal (a wrong certificate or key) is thrown at once.
 */
export async function untilTemporalAnswers<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  const { log, address, namespace } = waiting;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, WAIT_MAX_MS)) {
    try {
      const done = await work();
      waiting.what = undefined;
      return done;
    } catch (error) {
      if (!isPassing(error)) throw error;
      const isThere = grpcCodeOf(error) === GRPC.NOT_FOUND;
      waiting.what = isThere ? `the namespace ${namespace} at ${address}` : `Temporal at ${address}`;
      const message = isThere ? 'waiting for the namespace' : 'waiting for Temporal';
      log.warn({ address, namespace, retryInMs: waitMs, err: error }, message);
      await sleep(waitMs);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = grpcCodeOf(error);
  return error.name === 'TransportError' || (code !== null && PASSING.has(code));
}
