import { buildSimulation, loadSimulation } from './build.ts';
import { runSeeds } from './run-seeds.ts';
import { shrink } from './shrink.ts';

const FAILURES_SHOWN_MAX = 5;

export interface Search {
  /** The first seed, how many, and in how many threads. */
  readonly from: number;
  readonly count: number;
  readonly jobs: number;
}

/** Runs the seeds and says what they came to; a violation as a script that is as short as it gets. Whether there was none. */
export async function searchSeeds(
  { from, count, jobs }: Search,
  say: (line: string) => void,
): Promise<boolean> {
  const file = await buildSimulation();
  const { lives, steps, faults, failures, seconds } = await runSeeds({ file, from, count, jobs }, (done) =>
    say(`${done} of ${count} seeds`),
  );
  say(`${count} seeds from ${from}: ${lives} lives, ${steps} steps, ${failures.length} violations`);
  say(`${Math.round(seconds)} s in ${jobs} threads, ${Math.round(lives / seconds)} lives a second`);
  for (const [kind, times] of Object.entries(faults).sort()) say(`  ${kind}: ${times}`);
  const { simulate } = await loadSimulation(file);
  for (const failure of failures.slice(0, FAILURES_SHOWN_MAX)) {
    say(`\nSeed ${failure.script.seed}: ${failure.violation}`);
    const script = await shrink(
      failure,
      async (smaller) => (await simulate(smaller.seed, smaller)).violation,
    );
    say(`As a test (test/simulation/scripts.test.ts):\n${JSON.stringify(script, null, 2)}`);
  }
  return failures.length === 0;
}
