import type { Alarm } from './alarm.ts';
import type { CommandRecord } from './command-record.ts';
import { MINUTE_MS, nextRepeatAt } from './time.ts';

/** Readings of Stripe that failed one after the other. `since`: milliseconds since the epoch. */
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
  { missed }: Pick<CommandRecord, 'missed'>,
  ring: Alarm['ring'],
): readonly Alarm[] {
  return missed ? [{ at: nextRepeatAt(missed.since, missed.count - 1, FIRST_MS, MAX_MS), ring }] : [];
}
