import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Theme } from './lives/themes.ts';
import type { Result } from './simulate.ts';

export interface Range {
  /** The bundle (simulation/build.ts). */
  readonly file: string;
  readonly from: number;
  readonly count: number;
  readonly jobs: number;
  /** What every life is about; null: each seed decides. */
  readonly theme: Theme | null;
}

/** What a thread reports of some seeds. */
export interface Tally {
  readonly seeds: number;
  readonly lives: number;
  readonly steps: number;
  /** How often each kind of fault happened. */
  readonly faults: Readonly<Record<string, number>>;
  readonly failures: readonly Result[];
}

/** Runs seeds in threads: the first takes the first of every `jobs`, and so on. */
export async function runSeeds(
  range: Range,
  onProgress: (seeds: number) => void,
): Promise<Tally & { readonly seconds: number }> {
  const begun = performance.now();
  let total: Tally = { seeds: 0, lives: 0, steps: 0, faults: {}, failures: [] };
  await Promise.all(
    Array.from({ length: Math.min(range.jobs, range.count) }, (_, job) =>
      runThread({ ...range, job }, (tally) => {
        total = sum(total, tally);
        onProgress(total.seeds);
      }),
    ),
  );
  return { ...total, seconds: (performance.now() - begun) / 1_000 };
}

function runThread(workerData: Range & { job: number }, onTally: (tally: Tally) => void): Promise<void> {
  const extension = fileURLToPath(import.meta.url).endsWith('.ts') ? 'ts' : 'js';
  const thread = new Worker(new URL(`./seed-thread.${extension}`, import.meta.url), { workerData });
  thread.on('message', onTally);
  return new Promise((resolve, reject) => {
    thread.once('error', reject);
    thread.once('exit', () => resolve());
  });
}

function sum(a: Tally, b: Tally): Tally {
  const kinds = new Set([...Object.keys(a.faults), ...Object.keys(b.faults)]);
  return {
    seeds: a.seeds + b.seeds,
    lives: a.lives + b.lives,
    steps: a.steps + b.steps,
    faults: Object.fromEntries(
      [...kinds].map((kind) => [kind, (a.faults[kind] ?? 0) + (b.faults[kind] ?? 0)]),
    ),
    failures: [...a.failures, ...b.failures],
  };
}
