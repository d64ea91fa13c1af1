import { describe, expect, it } from 'vitest';
import type { FailedReads } from '../../../workflows/entity/readings.ts';
import { failedReadTimers, Rereads } from '../../../workflows/entity/readings.ts';

const MINUTE_MS = 60_000;
const SINCE = 1_000_000;

/** What a record keeps of its reads. */
class Reading {
  failedReads: FailedReads | null;
  constructor(count: number | null) {
    this.failedReads = count === null ? null : { since: SINCE, count };
  }
  noteRead(succeeded: boolean): void {
    this.failedReads = succeeded ? null : { since: SINCE, count: (this.failedReads?.count ?? 0) + 1 };
  }
}

describe('a failed read', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 3],
    [5, 30],
    [9, 90],
  ])('is repeated, after %s failures, %s minutes after the first', (count, minutes) => {
    const [timer] = failedReadTimers(new Reading(count), async () => {});
    expect(timer?.at).toBe(SINCE + minutes * MINUTE_MS);
  });

  it('is not repeated once a later one succeeded', () => {
    expect(failedReadTimers(new Reading(null), async () => {})).toEqual([]);
  });

  it.each([
    ['failed again', false, { since: SINCE, count: 2 }],
    ['succeeded', true, null],
    ['found nothing to read', null, null],
  ])('whose repeat %s counts accordingly', async (_, succeeded, failedReads) => {
    const reading = new Reading(1);
    const [timer] = failedReadTimers(reading, async () => {
      if (succeeded !== null) reading.noteRead(succeeded);
    });
    await timer?.fire();
    expect(reading.failedReads).toEqual(failedReads);
  });
});

describe('a read without an event', () => {
  const RHYTHM = { firstMs: MINUTE_MS, maxMs: 4 * MINUTE_MS };
  const minutesOf = (rereads: Rereads, atLatest?: number) =>
    (rereads.timer(RHYTHM, async () => {}, atLatest).at - SINCE) / MINUTE_MS;

  it('comes at distances that double up to the longest', async () => {
    const rereads = new Rereads(SINCE, 0);
    const minutes: number[] = [];
    for (let read = 0; read < 5; read++) {
      minutes.push(minutesOf(rereads));
      await rereads.timer(RHYTHM, async () => {}).fire();
    }
    expect(minutes).toEqual([1, 3, 7, 11, 15]);
  });

  it('comes no later than its deadline', () => {
    expect(minutesOf(new Rereads(SINCE, 3), SINCE + 2 * MINUTE_MS)).toBe(2);
  });

  it('starts over when something happens', () => {
    const rereads = new Rereads(SINCE, 7);
    rereads.restart();
    expect(rereads.since).toBeGreaterThan(SINCE);
    expect(rereads.count).toBe(0);
  });
});
