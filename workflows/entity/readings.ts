import { condition, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { ReadingFailure } from '../../domain/attention/reading.ts';
import { HOUR_MS, MINUTE_MS, nextRepeatAt, workflowNow } from '../shared/time.ts';
import type { Stuck } from './perform.ts';
import { ask, isStuck, mayPass } from './perform.ts';
import type { Timer } from './timer.ts';

/** Reads that failed one after the other. `since`, `dueAt`: milliseconds since the epoch. */
export interface FailedReads {
  readonly since: number;
  readonly count: number;
  /** The last of them failed for a cause that does not pass by itself. */
  readonly isRefused?: true;
  /** Overrides the growing distance. */
  readonly dueAt?: number;
}

/** Distances between reads in milliseconds: the first, doubled each time, up to the longest. */
export interface Rhythm {
  readonly firstMs: number;
  readonly maxMs: number;
}

const REPEAT = 'Repeat the failed read';
const AFTER_FAILURE: Rhythm = { firstMs: MINUTE_MS, maxMs: 15 * MINUTE_MS };
/** A transient failure needs attention only after this. */
const UNREAD_MAX_MS = HOUR_MS;

/** What a record keeps of its reads. */
interface ReadRecord {
  readonly failedReads: FailedReads | null;
  /** `passes`: the cause of its failure may go away. */
  noteRead(succeeded: boolean, passes?: boolean): void;
  /** Why it cannot be read; null: it can. */
  readonly unreadable: ReadingFailure | null;
  noteUnreadable(failure: ReadingFailure | null): void;
}

/**
 * Reads from Stripe, and records whether that works: after an outage, or without the permission to read, the known
 * state may be old.
 */
export async function readFromStripe<T>(
  record: ReadRecord,
  summary: string,
  question: (activities: Activities) => Promise<T>,
): Promise<T | Stuck> {
  const read = await ask(summary, question);
  record.noteRead(!isStuck(read), isStuck(read) && mayPass(read));
  if (!isStuck(read)) {
    if (record.unreadable) record.noteUnreadable(null);
  } else if (!read.transient || lasts(record.failedReads)) {
    const { code, message } = read.failure;
    record.noteUnreadable({ code, message });
  }
  return read;
}

/**
 * The same of what has to be known before anything else: what Stripe does not say is not refused, so it is asked again, as a failed
 * read is. Stuck only where the run has become too long to wait.
 */
export async function readUntilKnown<T>(
  record: ReadRecord & { whenDelayed(): void },
  summary: string,
  question: (activities: Activities) => Promise<T>,
): Promise<T | Stuck> {
  for (;;) {
    const read = await readFromStripe(record, summary, question);
    if (!isStuck(read) || workflowInfo().continueAsNewSuggested) return read;
    record.whenDelayed();
    const isDue = () => repeatAt(record.failedReads) <= workflowNow();
    const withinMs = repeatAt(record.failedReads) - workflowNow();
    if (withinMs > 0) await condition(isDue, withinMs, { summary: REPEAT });
  }
}

function lasts(failed: FailedReads | null): boolean {
  return failed !== null && workflowNow() - failed.since >= UNREAD_MAX_MS;
}

/** A failed read is repeated soon, whatever the rhythm: the event that asked for it comes only once. */
export function failedReadTimers(
  record: Pick<ReadRecord, 'failedReads' | 'noteRead'>,
  read: () => Promise<void>,
): readonly Timer[] {
  const { failedReads } = record;
  if (failedReads === null) return [];
  const fire = async () => {
    await read();
    // There was nothing to be read.
    if (record.failedReads === failedReads) record.noteRead(true);
  };
  return [{ at: repeatAt(failedReads), summary: REPEAT, fire }];
}

/** In milliseconds since the epoch; none failed: at once. */
function repeatAt(failed: FailedReads | null): number {
  if (failed === null) return 0;
  const { since, count, dueAt } = failed;
  return dueAt ?? nextRepeatAt(since, count - 1, AFTER_FAILURE.firstMs, AFTER_FAILURE.maxMs);
}

/** Reads without an event, at growing distances from the last thing that happened. */
export class Rereads {
  #since: number;
  #count: number;

  /** `since`: milliseconds since the epoch. `count`: how many there were since then. */
  constructor(since: number, count: number) {
    this.#since = since;
    this.#count = count;
  }

  get since(): number {
    return this.#since;
  }

  get count(): number {
    return this.#count;
  }

  /** Something has happened. */
  restart(): void {
    this.#since = workflowNow();
    this.#count = 0;
  }

  /** `atLatest`: milliseconds since the epoch. */
  timer(
    { firstMs, maxMs }: Rhythm,
    read: () => Promise<void>,
    atLatest: number = Number.POSITIVE_INFINITY,
  ): Timer {
    return {
      at: Math.min(nextRepeatAt(this.#since, this.#count, firstMs, maxMs), atLatest),
      summary: 'Read from Stripe again',
      fire: () => {
        this.#count += 1;
        return read();
      },
    };
  }
}
