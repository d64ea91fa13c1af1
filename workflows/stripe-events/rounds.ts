import { CancelledFailure, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { Rounds } from '../../contract/stripe-events.ts';
import { workflowNow } from '../shared/time.ts';

/** For a run that somebody starts by hand. */
export const ONE_ROUND: Rounds = { everyMs: 0, count: 1 };

/**
 * Does the same again and again in one run, a round each `everyMs`; a round that takes longer skips those that it overlaps. Returns
 * the last round's result, also when the run is canceled between two rounds. A round that fails ends the run.
 */
export async function inRounds<T>(
  { everyMs, count }: Rounds,
  round: (number: number) => Promise<T>,
): Promise<T> {
  const startedAt = workflowNow();
  for (let number = 1; ; number++) {
    setCurrentDetails(`Round ${number} of ${count}`);
    const result = await round(number);
    if (number >= count) return result;
    try {
      await sleep(everyMs - ((workflowNow() - startedAt) % everyMs));
    } catch (error) {
      if (error instanceof CancelledFailure) return result;
      throw error;
    }
  }
}
