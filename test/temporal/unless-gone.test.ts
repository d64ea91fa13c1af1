import type { Client } from '@temporalio/client';
import { expect, it, vi } from 'vitest';
import { TemporalGone, unlessGone } from '../../temporal/unless-gone.ts';
import { WITHIN } from '../support/within.ts';

/** Longer than an answer of Temporal's is waited for. */
const BUSY_MS = 1_500;

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

it('a hundred calls of one piece of work warn nobody of a leak', async () => {
  const { client, given } = temporal(() => Promise.reject(new Error('not asked')));
  const warnings: Error[] = [];
  const keep = (warning: Error) => warnings.push(warning);
  process.on('warning', keep);
  await unlessGone(client, async () => {
    for (let n = 0; n < 100; n++) given[0]?.addEventListener('abort', () => undefined);
  });
  // A warning is emitted in the next turn.
  await new Promise(setImmediate);
  process.off('warning', keep);
  expect(given).toHaveLength(1);
  expect(warnings).toEqual([]);
});

it('what waits for a Temporal that is gone is canceled', async () => {
  const { client, given } = temporal(() => Promise.reject(new Error('silent')));
  const waiting = unlessGone(client, () => new Promise(() => {}));
  await expect(waiting).rejects.toBeInstanceOf(TemporalGone);
  expect(given.map(({ aborted }) => aborted)).toEqual([true]);
});

it('a machine too busy to notice the answer in time says nothing of Temporal: it is asked again', async () => {
  let asked = 0;
  const answers = async () => {
    asked += 1;
    if (asked > 1) return {};
    const busyUntil = performance.now() + BUSY_MS;
    while (performance.now() < busyUntil);
    throw new Error('too late');
  };
  const { client, given } = temporal(answers);
  const work = () => vi.waitFor(() => expect(asked).toBe(2), WITHIN);
  await unlessGone(client, work);
  expect(given.map(({ aborted }) => aborted)).toEqual([false]);
});
