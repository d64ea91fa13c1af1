import type { Alarm } from './alarm.ts';
import type { CommandRecord } from './command-record.ts';
import { MINUTE_MS, nextRepeatAt } from './time.ts';

/** Readings of Stripe that are owed: how many have failed one after the other. `since`: milliseconds since the epoch. */
export interface MissedReadings {
  readonly since: number;
  readonly count: number;
}

const FIRST_MS = MINUTE_MS;
const MAX_MS = 15 * MINUTE_MS;

/**
 * What could not be read is read again soon, however long the rhythm is: an event may have asked for it, and nobody tells
 * of it twice.
 */
export function missedReadingAlarms(
  record: Pick<CommandRecord, 'missed' | 'noteReading'>,
  read: () => Promise<void>,
): readonly Alarm[] {
  const { missed } = record;
  if (missed === null) return [];
  const ring = async () => {
    await read();
    // There was nothing to be read.
    if (record.missed === missed) record.noteReading(true);
  };
  return [{ at: nextRepeatAt(missed.since, missed.count - 1, FIRST_MS, MAX_MS), ring }];
}
