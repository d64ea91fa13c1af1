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

/**
 * Does what a worker needs of Temporal before it starts, and waits as long as Temporal does not answer: a deployment starts its
 * parts in any order. A refusal (a wrong certificate or key) is thrown at once.
 */
export async function untilTemporalAnswers<T>(
  { log, address }: { readonly log: Logger; readonly address: string },
  work: () => Promise<T>,
): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, WAIT_MAX_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      log.warn({ address, retryInMs: waitMs, err: error }, 'waiting for Temporal');
      await sleep(waitMs);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = grpcCodeOf(error);
  return error.name === 'TransportError' || (code !== null && PASSING.has(code));
}
