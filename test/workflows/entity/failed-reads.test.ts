import { describe, expect, it } from 'vitest';
import { failedReadTimers } from '../../../workflows/entity/failed-reads.ts';
import type { FailedReads } from '../../../workflows/entity/failed-reads-state.ts';

const MINUTE_MS = 60_000;
const SINCE = 1_000_000;

/** What a record keeps of it. */
class Owing {
  failedReads: FailedReads | null;
  constructor(count: number | null) {
    this.failedReads = count === null ? null : { since: SINCE, count };
  }
  noteRead(succeeded: boolean): void {
    this.failedReads = succeeded ? null : { since: SINCE, count: (this.failedReads?.count ?? 0) + 1 };
  }
}

describe('a reading that is owed', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 3],
    [5, 30],
    [9, 90],
  ])('is due, after %s vain tries, %s minutes from the first', (count, minutes) => {
    const [alarm] = failedReadTimers(new Owing(count), async () => {});
    expect(alarm?.at).toBe(SINCE + minutes * MINUTE_MS);
  });

  it('is none where the last one succeeded', () => {
    expect(failedReadTimers(new Owing(null), async () => {})).toEqual([]);
  });

  it.each([
    ['failed again', false, { since: SINCE, count: 2 }],
    ['succeeded', true, null],
    ['found nothing to read', null, null],
  ])('that %s is owed accordingly', async (_, succeeded, failedReads) => {
    const owing = new Owing(1);
    const [alarm] = failedReadTimers(owing, async () => {
      if (succeeded !== null) owing.noteRead(succeeded);
    });
    await alarm?.fire();
    expect(owing.failedReads).toEqual(failedReads);
  });
});
