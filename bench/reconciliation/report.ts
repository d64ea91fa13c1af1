import { inspect } from 'node:util';
import { median } from '../median.ts';
import type { Measured } from './measure.ts';

const MIB = 1024 * 1024;
const QUARTERS = 4;

/** Each figure of the first quarter of a run's time beside the last one's: what grows with the rows grows here. */
export function reconciliationReport(measured: Measured, asJson: boolean): string {
  const { memory, runs, ...facts } = measured;
  const quarters = Array.from({ length: QUARTERS }, (_, index) =>
    memory.slice((index * memory.length) / QUARTERS, ((index + 1) * memory.length) / QUARTERS),
  );
  const figures = {
    'resident, median': quarters.map((samples) => median(samples.map(({ rss }) => rss)) / MIB),
    'resident, most': quarters.map((samples) => Math.max(...samples.map(({ rss }) => rss)) / MIB),
    'heap, median': quarters.map((samples) => median(samples.map(({ heapUsed }) => heapUsed)) / MIB),
    'heap, least': quarters.map((samples) => Math.min(...samples.map(({ heapUsed }) => heapUsed)) / MIB),
  };
  const ratios = Object.fromEntries(
    Object.entries(figures).map(([name, [first = 0, , , last = 0]]) => [name, last / first]),
  );
  if (asJson) {
    return JSON.stringify({ ...facts, runs, memoryMiBByQuarter: figures, lastByFirst: ratios }, null, 2);
  }
  return [
    inspect({ ...facts, continuedRuns: runs.length - 1, samples: memory.length }),
    `events of each run: ${runs.map(({ events }) => events).join(' ')}`,
    `kB of each run: ${runs.map(({ bytes }) => Math.round(bytes / 1000)).join(' ')}`,
    `seconds of each run: ${runs.map(({ seconds }) => seconds.toFixed(1)).join(' ')}`,
    ...Object.entries(figures).map(([name, values]) => {
      const each = values.map((value) => value.toFixed(1)).join(' ');
      return `${name}, MiB by quarter: ${each} (last / first ${ratios[name]?.toFixed(2)})`;
    }),
  ].join('\n');
}
