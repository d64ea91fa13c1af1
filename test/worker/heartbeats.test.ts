import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { heartbeats, progress } from '../../worker/heartbeats.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What an attempt heartbeats: once before it does `work`, and once after. `before`: what an earlier attempt left. */
async function heartbeatsOf(before: unknown, work: () => void): Promise<unknown[]> {
  const sent: unknown[] = [];
  const env = new MockActivityEnvironment(
    { heartbeatTimeoutMs: 10_000, heartbeatDetails: before },
    { interceptors: [heartbeats] },
  );
  env.on('heartbeat', (details: unknown) => sent.push(details));
  await env.run(async () => {
    expect(progress.known()).toBe(before);
    await vi.advanceTimersByTimeAsync(3_000);
    work();
    await vi.advanceTimersByTimeAsync(3_000);
  });
  await vi.advanceTimersByTimeAsync(3_000);
  return sent;
}

it('a heartbeat carries on what an earlier attempt left', async () => {
  expect(await heartbeatsOf('as far as 3', () => {})).toEqual(['as far as 3', 'as far as 3']);
});

it('once the attempt has come further, it carries that', async () => {
  const sent = await heartbeatsOf('as far as 3', () => progress.note('as far as 4'));
  expect(sent).toEqual(['as far as 3', 'as far as 4', 'as far as 4']);
});
