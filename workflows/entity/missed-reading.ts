import type { ReadingFailure } from '../../domain/attention/reading.ts';
import { HOUR_MS, MINUTE_MS, nextRepeatAt, workflowNow } from '../shared/time.ts';
import type { Alarm } from './alarm.ts';
import type { CommandRecord } from './command-record.ts';
import type { Stuck } from './perform.ts';

const FIRST_MS = MINUTE_MS;
const MAX_MS = 15 * MINUTE_MS;
/** A passing failure to read asks for nobody before. */
const UNREAD_MAX_MS = HOUR_MS;

/**
 * Notes how the reading ended that has just been made, and what it changes: why it cannot be read (null: it can again).
 * Nobody must take something for what it was before an outage, or where a key may not read what happened to it.
 */
export function concludeReading(
  record: Pick<CommandRecord, 'missed' | 'noteReading'>,
  stuck: Stuck | null,
  before: ReadingFailure | null,
): { readonly failure: ReadingFailure | null } | null {
  record.noteReading(stuck === null);
  if (stuck === null) return before && { failure: null };
  const { missed } = record;
  const lasts = missed !== null && workflowNow() - missed.since >= UNREAD_MAX_MS;
  if (stuck.transient && !lasts) return null;
  const { code, message } = stuck.failure;
  return { failure: { code, message } };
}

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
