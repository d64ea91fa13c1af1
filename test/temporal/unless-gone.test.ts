import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { TemporalGone, unlessGone } from '../../temporal/unless-gone.ts';

/** A Temporal that answers whether it is there as `probe` says; `given`: what the work's calls are canceled by. */
function temporal(probe: () => Promise<unknown>) {
  const given: AbortSignal[] = [];
  const connection = {
    withAbortSignal: <T>(signal: AbortSignal, work: () => Promise<T>) => {
      given.push(signal);
      return work();
    },
    withDeadline: <T>(_: number, work: () => Promise<T>) => work(),
  };
  const client = { connection, workflowService: { getSystemInfo: probe } } as unknown as Client;
  return { client, given };
}

it('what was answered is not canceled', async () => {
  const { client, given } = temporal(() => Promise.reject(new Error('not asked')));
  expect(await unlessGone(client, async () => 'answer')).toBe('answer');
  expect(given.map(({ aborted }) => aborted)).toEqual([false]);
});

it('what waits for a Temporal that is gone is canceled', async () => {
  const { client, given } = temporal(() => Promise.reject(new Error('silent')));
  const waiting = unlessGone(client, () => new Promise(() => {}));
  await expect(waiting).rejects.toBeInstanceOf(TemporalGone);
  expect(given.map(({ aborted }) => aborted)).toEqual([true]);
});
