import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';

/** What takes longer raises the question whether Temporal is there at all. */
const DOUBT_AFTER_MS = 500;
/** An answer that costs the server nothing takes far less. */
const ANSWER_WITHIN_MS = 1_200;
/** A timer that is later than this says that this machine is busy, and nothing of Temporal. */
const LATE_MS = 100;

/** Temporal does not answer: its process hangs, or its machine is gone and no packet says so. */
export class TemporalGone extends Error {
  override readonly name = 'TemporalGone';
}

/**
 * Does the work, unless Temporal turns out to be gone meanwhile. A refused connection shows at once; one that went silent shows to gRPC
 * only after 45 s, and until then a call waits for its deadline.
 */
export async function unlessGone<T>(temporal: Client, work: () => Promise<T>): Promise<T> {
  const { connection } = temporal;
  const canceled = new AbortController();
  // The client adds a listener for each call, and a page of a list makes a hundred.
  setMaxListeners(0, canceled.signal);
  let doubt: NodeJS.Timeout | undefined;
  const gone = new Promise<never>((_, reject) => {
    const askLater = () => {
      doubt = setTimeout(async () => {
        const found = await probe(temporal);
        if (found === 'silent') {
          reject(new TemporalGone('Temporal does not answer.'));
          canceled.abort();
        } else if (found === 'unclear' && doubt) askLater();
      }, DOUBT_AFTER_MS);
    };
    askLater();
  });
  try {
    return await Promise.race([connection.withAbortSignal(canceled.signal, work), gone]);
  } finally {
    clearTimeout(doubt);
    doubt = undefined;
  }
}

async function probe({ connection, workflowService }: Client): Promise<'there' | 'silent' | 'unclear'> {
  const askedAt = performance.now();
  try {
    await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => workflowService.getSystemInfo({}));
    return 'there';
  } catch {
    return performance.now() - askedAt < ANSWER_WITHIN_MS + LATE_MS ? 'silent' : 'unclear';
  }
}
