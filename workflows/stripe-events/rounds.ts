import { CancelledFailure, metricMeter, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { Rounds } from '../../contract/stripe-events.ts';
import { ROUNDS_INPUT } from '../../domain/commands/workflow-input.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { workflowNow } from '../shared/time.ts';

/** The SDK labels it with the workflow's type. Not counted again in a replay. */
const roundsMetric = () =>
  metricMeter.createCounter('waybill_rounds_total', 'rounds', 'Rounds that came to their end');

/** For a run that somebody starts by hand. */
export const ONE_ROUND: Rounds = { everyMs: 0, count: 1 };

/**
 * Runs a round each `everyMs`; a slow round skips those that it overlaps. Returns the last round's result, also when
 * canceled between two rounds, and early once the history is long: the schedule starts the next run at the time of the next
 * round. A round that fails ends the run.
 */
export async function inRounds<T>(rounds: Rounds, round: (number: number) => Promise<T>): Promise<T> {
  refuseNonsense(rounds, ROUNDS_INPUT);
  const { count } = rounds;
  const everyMs = Math.max(1, rounds.everyMs);
  const startedAt = workflowNow();
  // Prometheus sees a standstill in a number that stays as it is, and none in one that is not there.
  roundsMetric().add(0);
  for (let number = 1; ; number++) {
    setCurrentDetails(`Round ${number} of ${count}`);
    const result = await round(number);
    roundsMetric().add(1);
    if (number >= count || workflowInfo().continueAsNewSuggested) return result;
    try {
      const leftMs = everyMs - ((workflowNow() - startedAt) % everyMs);
      await sleep(leftMs, { summary: 'Begin the next round' });
    } catch (error) {
      if (error instanceof CancelledFailure) return result;
      throw error;
    }
  }
}
