import type { ReadingFailure } from '../../domain/attention/reading.ts';
import { HOUR_MS, MINUTE_MS, nextRepeatAt, workflowNow } from '../shared/time.ts';
import type { CommandRecord } from './command-record.ts';
import type { Stuck } from './perform.ts';
import type { Timer } from './timer.ts';

const FIRST_MS = MINUTE_MS;
const MAX_MS = 15 * MINUTE_MS;
/** A passing failure to read asks for nobody before. */
const UNREAD_MAX_MS = HOUR_MS;

/**
 * Notes how the reading ended that has just been made, and what it changes: why it cannot be read (null: it can again).
 * Nobody must take something for what it was before an outage, or where a key may not read what happened to it.
 */
export function concludeRead(
  record: Pick<CommandRecord, 'failedReads' | 'noteRead'>,
  stuck: Stuck | null,
  before: ReadingFailure | null,
): { readonly failure: ReadingFailure | null } | null {
  record.noteRead(stuck === null);
  if (stuck === null) return before && { failure: null };
  const { failedReads } = record;
  const lasts = failedReads !== null && workflowNow() - failedReads.since >= UNREAD_MAX_MS;
  if (stuck.transient && !lasts) return null;
  const { code, message } = stuck.failure;
  return { failure: { code, message } };
}

/**
 * What could not be read is read again soon, however long the rhythm is: an event may have asked for it, and nobody tells
 * of it twice.
 */
export function failedReadTimers(
  record: Pick<CommandRecord, 'failedReads' | 'noteRead'>,
  read: () => Promise<void>,
): readonly Timer[] {
  const { failedReads } = record;
  if (failedReads === null) return [];
  const fire = async () => {
    await read();
    // There was nothing to be read.
    if (record.failedReads === failedReads) record.noteRead(true);
  };
  return [{ at: nextRepeatAt(failedReads.since, failedReads.count - 1, FIRST_MS, MAX_MS), fire }];
}
