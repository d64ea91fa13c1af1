import { expect, it, vi } from 'vitest';
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
  const warned = vi.spyOn(process, 'emitWarning');
  await pace.acquire();
  const waiting = Array.from({ length: 20 }, () => pace.acquire());
  shutdown.abort();
  for (const one of await Promise.allSettled(waiting)) expect(one).toMatchObject({ status: 'rejected' });
  expect(warned).not.toHaveBeenCalled();
  await expect(pace.acquire()).rejects.toThrow('aborted');
});
