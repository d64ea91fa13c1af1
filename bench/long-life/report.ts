import { cpus } from 'node:os';
import type { Counts } from './order-life.ts';
import type { Run } from './runs.ts';

/** A tenth of the order's life. */
export interface Step {
  /** How much had been done by its end. */
  readonly done: number;
  readonly latenciesMs: readonly number[];
  /** All runs until then. */
  readonly runs: readonly Run[];
}

export function longLifeReport(steps: readonly Step[], counts: Counts): string {
  const { refunds, transfers, reversals, refused, repeats } = counts;
  return [
    `One order: ${refunds} refunds, ${transfers} transfers, ${reversals} reversals, ${refused} refused commands, ${repeats} repeats, and changes of`,
    `metadata, one after the other, with webhooks. Node ${process.versions.node}, ${cpus().length} cores. It equals Stripe at the end.`,
    '',
    '| done | p50 ms | p99 ms | runs | events of the longest | its size, KB | carried to the next, KB |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...steps.map(rowOf),
    '',
  ].join('\n');
}

function rowOf({ done, latenciesMs, runs }: Step): string {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const percentile = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
  const most = (key: keyof Run) => Math.max(...runs.map((run) => run[key]));
  const kb = (bytes: number) => (bytes / 1_024).toFixed(0);
  const cells = [done, percentile(0.5), percentile(0.99), runs.length, most('events')];
  return `| ${[...cells, kb(most('bytes')), kb(most('carriedBytes'))].join(' | ')} |`;
}
