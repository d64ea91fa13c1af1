import { parentPort, workerData } from 'node:worker_threads';
import { loadSimulation } from './build.ts';
import type { Range, Tally } from './run-seeds.ts';
import type { Result } from './simulate.ts';

/** Seeds between two reports. */
const REPORTED_EVERY = 250;

const { file, from, count, jobs, job, theme } = workerData as Range & { readonly job: number };
const { simulate } = await loadSimulation(file);
let results: Result[] = [];
for (let seed = from + job; seed < from + count; seed += jobs) {
  results.push(await simulate(seed, theme ?? undefined));
  if (results.length === REPORTED_EVERY) report();
}
report();

function report(): void {
  const faults: Record<string, number> = {};
  for (const fault of results.flatMap(({ script }) => script.faults)) {
    const [kind = ''] = fault.split(' ');
    faults[kind] = (faults[kind] ?? 0) + 1;
  }
  parentPort?.postMessage({
    seeds: results.length,
    lives: results.reduce((sum, { lives }) => sum + lives, 0),
    steps: results.reduce((sum, { steps }) => sum + steps, 0),
    faults,
    failures: results.filter(({ violation }) => violation !== null),
  } satisfies Tally);
  results = [];
}
