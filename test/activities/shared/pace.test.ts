import { expect, it } from 'vitest';
import { EvenPacer } from '../../../activities/shared/even-pacer.ts';

const never = new AbortController().signal;

it('lets through so many a second, evenly, however many ask at once', () => {
  const pace = new EvenPacer(10, never);
  expect([1, 2, 3, 4].map(() => pace.take(5_000))).toEqual([0, 100, 200, 300]);
});

it('lets nobody wait who comes late enough, and saves no places up', () => {
  const pace = new EvenPacer(10, never);
  expect([0, 150, 10_000, 10_000].map((now) => pace.take(now))).toEqual([0, 0, 0, 100]);
});

it('lets nobody through any more once the worker shuts down, also none that waits', async () => {
  const shutdown = new AbortController();
  const pace = new EvenPacer(0.001, shutdown.signal);
  await pace.acquire();
  const waiting = pace.acquire();
  shutdown.abort();
  await expect(waiting).rejects.toThrow('aborted');
  await expect(pace.acquire()).rejects.toThrow('aborted');
});
