import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** Asks until there is an answer; throws, saying what it waited for, when there is none in time. */
export async function until<T>(
  what: string,
  withinMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadlineMs) throw new Error(`Waited ${withinMs / 1_000} s in vain: ${what}`);
    await sleep(POLL_MS);
  }
}
