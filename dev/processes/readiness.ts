import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.ts';

/** How a part shows that it can be used: by a line that it prints, or by an answer that it gives. */
export type Readiness = { prints: string } | { answers: () => Promise<boolean> };

const POLL_MS = 50;
const READY_WITHIN_MS = 60_000;

/** Waits until the child is ready; throws when it ends first, or takes too long. */
export async function becomesReady(name: string, child: Child, readiness: Readiness): Promise<void> {
  const over = new AbortController();
  const ready =
    'prints' in readiness ? printed(child, readiness.prints) : answered(readiness.answers, over.signal);
  const outcome = await Promise.race([
    ready.then(() => 'ready' as const),
    child.ended.then((how) => `${name} ended before it was ready (${how}).`),
    sleep(READY_WITHIN_MS, `${name} was not ready within ${READY_WITHIN_MS / 1_000} s.`, {
      signal: over.signal,
    }),
  ]);
  over.abort();
  if (outcome !== 'ready') throw new Error(`${outcome}\n${child.tail}`);
}

function printed(child: Child, text: string): Promise<void> {
  return new Promise((resolve) => child.onLine((line) => line.includes(text) && resolve()));
}

async function answered(ask: () => Promise<boolean>, over: AbortSignal): Promise<void> {
  while (!over.aborted && !(await ask().catch(() => false))) await sleep(POLL_MS);
}
