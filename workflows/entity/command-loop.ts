import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  workflowInfo,
} from '@temporalio/workflow';
import { COMMAND_REFUSED } from '../../domain/errors.ts';
import { workflowNow } from '../shared/time.ts';
import type { CommandRecord } from './command-record.ts';
import type { Timer } from './timer.ts';

/** What there is to do, one piece after the other. */
export interface Pending<Work> {
  /**
   * The next thing to do; null if nothing came within that many milliseconds (null: however long), or the history has
   * become too long to wait.
   */
  next(withinMs: number | null): Promise<Work | null>;
  isEmpty(): boolean;
  /** Leaves to the next run what a read there will show as well, however much of it comes; false: more than that is waiting. */
  carryOver(): boolean;
}

/** How one kind of workflow does it. */
export interface LoopSteps<Work> {
  /** What the workflow is for, in its first run; null: an earlier run did it. */
  readonly begin: (() => Promise<void>) | null;
  /** The next timer; null: none. */
  nextTimer(): Timer | null;
  handle(work: Work): Promise<void>;
  /** Tells all who look or listen how things stand: at the beginning of each run, and after each piece of work. */
  publish(): Promise<void> | void;
  /** Goes on in a new run of the same workflow. */
  continueAsNew(): Promise<never>;
}

/**
 * The life of an entity: what it is for, then commands and timers until nothing more can happen. A cancel request to the workflow must
 * not stop it between two halves of a payment; what it carries is canceled by command.
 */
export function runEntity<Work>(
  record: CommandRecord,
  pending: Pending<Work>,
  life: LoopSteps<Work>,
): Promise<void> {
  return CancellationScope.nonCancellable(async () => {
    await life.begin?.();
    await runCommandLoop(record, pending, life);
  });
}

/**
 * Handles one command after the other, Stripe's news and timers, until nothing more can happen.
 * Ends as failed only if Stripe refused what the workflow is for: nothing of it exists then, and its id may be used again.
 */
async function runCommandLoop<Work>(
  record: CommandRecord,
  pending: Pending<Work>,
  life: LoopSteps<Work>,
): Promise<void> {
  await life.publish();
  while (!record.isClosed || !pending.isEmpty()) {
    const timer = life.nextTimer();
    const work = await pending.next(timer && timer.at - workflowNow());
    if (work !== null) await life.handle(work);
    else if (timer && timer.at <= workflowNow()) await timer.fire();
    await life.publish();
    if (!record.isClosed && workflowInfo().continueAsNewSuggested) {
      // The handler of the command just settled has still to answer; unless another came, nothing is left then.
      await condition(() => allHandlersFinished() || !pending.isEmpty());
      if (allHandlersFinished() && pending.carryOver()) await life.continueAsNew();
    }
  }
  await condition(allHandlersFinished);
  const { refusal } = record;
  if (refusal) throw ApplicationFailure.nonRetryable(refusal.detail, COMMAND_REFUSED, refusal);
}
