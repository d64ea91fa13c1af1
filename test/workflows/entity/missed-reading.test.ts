import { describe, expect, it } from 'vitest';
import { missedReadingAlarms } from '../../../workflows/entity/missed-reading.ts';
import type { MissedReadings } from '../../../workflows/entity/missed-readings.ts';

const MINUTE_MS = 60_000;
const SINCE = 1_000_000;

/** What a record keeps of it. */
class Owing {
  missed: MissedReadings | null;
  constructor(count: number | null) {
    this.missed = count === null ? null : { since: SINCE, count };
  }
  noteReading(succeeded: boolean): void {
    this.missed = succeeded ? null : { since: SINCE, count: (this.missed?.count ?? 0) + 1 };
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
    const [alarm] = missedReadingAlarms(new Owing(count), async () => {});
    expect(alarm?.at).toBe(SINCE + minutes * MINUTE_MS);
  });

  it('is none where the last one succeeded', () => {
    expect(missedReadingAlarms(new Owing(null), async () => {})).toEqual([]);
  });

  it.each([
    ['failed again', false, { since: SINCE, count: 2 }],
    ['succeeded', true, null],
    ['found nothing to read', null, null],
  ])('that %s is owed accordingly', async (_, succeeded, missed) => {
    const owing = new Owing(1);
    const [alarm] = missedReadingAlarms(owing, async () => {
      if (succeeded !== null) owing.noteReading(succeeded);
    });
    await alarm?.ring();
    expect(owing.missed).toEqual(missed);
  });
});
