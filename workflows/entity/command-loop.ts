import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  workflowInfo,
} from '@temporalio/workflow';
import { COMMAND_REFUSED } from '../../domain/errors.ts';
import { probeTimers } from './attention.ts';
import type { CommandRecord } from './command-record.ts';
import type { Shown, View } from './show.ts';
import { show, showDetails } from './show.ts';
import type { Timer } from './timer.ts';
import { TimerQueue } from './timer.ts';

/** Nothing came before the timer was due. */
export const TIMED_OUT = 'timed_out';

/** What waits to be done. */
export interface WorkQueue<Work> {
  /** Waits until that timer is due (null: without end). Null: something else changed, or the history is too long to wait. */
  next(timer: Timer | null): Promise<Work | typeof TIMED_OUT | null>;
  isEmpty(): boolean;
  /** Something else changed: whoever waits for the next piece of work goes on. */
  wake(): void;
  /** Nobody waits for an answer of this run any longer. */
  endRun(): void;
  /** What the next run has to do. */
  carryOver(): readonly Work[];
}

/** What one kind of entity does. */
export interface EntitySteps<Work> {
  /** What the workflow is for, in its first run; null: an earlier run did it. */
  readonly begin: (() => Promise<void>) | null;
  handle(work: Work): Promise<void> | void;
  /** What is due without a message. While an operation is stuck, the loop probes it. */
  timers(): readonly Timer[];
  /** What follows from the last piece of work, before it is shown. */
  followUp?(): Promise<void>;
  view(): View;
  /** What follows once it is shown. */
  afterwards?(): Promise<void>;
  /** Goes on in a new run of the same workflow, which takes over what waits. */
  continueAsNew(waiting: readonly Work[]): Promise<never>;
}

/** What the loop needs of an entity's record. */
type LoopRecord = CommandRecord &
  Shown & {
    publishEvents(whenHandedOver: () => void): Promise<void>;
    publishTimers(): readonly Timer[];
  };

/**
 * Runs an entity: what it is for, then one command, event or timer after the other, until nothing more can happen. A
 * cancel request to the workflow must not stop it halfway through a payment; payments are canceled by command.
 */
export function runEntity<Work>(
  record: LoopRecord,
  queue: WorkQueue<Work>,
  steps: EntitySteps<Work>,
): Promise<void> {
  record.whenDelayed = () => show(record, steps.view());
  record.whenRefused = () => showDetails(record, steps.view());
  return CancellationScope.nonCancellable(async () => {
    await steps.begin?.();
    await runLoop(record, queue, steps);
  });
}

/** Fails only if Stripe refused what the workflow is for: nothing of it exists, and its id may be used again. */
async function runLoop<Work>(
  record: LoopRecord,
  queue: WorkQueue<Work>,
  steps: EntitySteps<Work>,
): Promise<void> {
  const due = new TimerQueue();
  await publish(record, queue, steps);
  while (!record.mayComplete || !queue.isEmpty()) {
    const timer = due.next([...probeTimers(record), ...record.publishTimers(), ...steps.timers()]);
    const work = await queue.next(timer);
    // By what happened, not by the clock: the time of a task that is replayed after a crash may lie before its timer.
    if (work === TIMED_OUT) await timer?.fire();
    else if (work !== null) await steps.handle(work);
    await publish(record, queue, steps);
    if (!record.mayComplete && workflowInfo().continueAsNewSuggested) {
      // Whoever waits for a command asks again in the next run: under load there is no moment at which nobody waits.
      queue.endRun();
      await condition(allHandlersFinished);
      await steps.continueAsNew(queue.carryOver());
    }
  }
  await condition(allHandlersFinished);
  const { refusal } = record;
  if (refusal) throw ApplicationFailure.nonRetryable(refusal.detail, COMMAND_REFUSED, refusal);
}

/** At the beginning of each run, and after each piece of work. */
async function publish<Work>(
  record: LoopRecord,
  queue: WorkQueue<Work>,
  steps: EntitySteps<Work>,
): Promise<void> {
  await steps.followUp?.();
  show(record, steps.view());
  await steps.afterwards?.();
  await record.publishEvents(() => queue.wake());
}
