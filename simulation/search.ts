import { buildSimulation, loadSimulation } from './build.ts';
import type { Theme } from './lives/themes.ts';
import { runSeeds } from './run-seeds.ts';
import { shrink } from './shrink.ts';

const FAILURES_SHOWN_MAX = 5;

export interface Search {
  /** The first seed, how many, and in how many threads. */
  readonly from: number;
  readonly count: number;
  readonly jobs: number;
  /** What every life is about; null: each seed decides. */
  readonly theme: Theme | null;
}

/** Runs the seeds and says what they came to; a violation as a script that is as short as it gets. Whether there was none. */
export async function searchSeeds(
  { from, count, jobs, theme }: Search,
  say: (line: string) => void,
): Promise<boolean> {
  const file = await buildSimulation();
  const { lives, steps, faults, failures, seconds } = await runSeeds(
    { file, from, count, jobs, theme },
    (done) => say(`${done} of ${count} seeds`),
  );
  say(`${count} seeds from ${from}: ${lives} lives, ${steps} steps, ${failures.length} violations`);
  say(`${Math.round(seconds)} s in ${jobs} threads, ${Math.round(lives / seconds)} lives a second`);
  for (const [kind, times] of Object.entries(faults).sort()) say(`  ${kind}: ${times}`);
  const { simulateScript } = await loadSimulation(file);
  for (const failure of failures.slice(0, FAILURES_SHOWN_MAX)) {
    say(`\nSeed ${failure.script.seed}: ${failure.violation}`);
    const script = await shrink(failure, async (smaller) => (await simulateScript(smaller)).violation);
    say(`As a test (test/simulation/scripts.ts):\n${JSON.stringify(script, null, 2)}`);
  }
  return failures.length === 0;
}
