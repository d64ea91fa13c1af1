import { cpus } from 'node:os';
import { median } from '../median.ts';
import type { Measured, Read, Step } from './measured.ts';

const MIB = 1024 * 1024;
const MILLION = 1_000_000;
const STARTS = {
  ordersPerSecond: 'orders started a second',
  cpuMsPerOrder: 'CPU an order started, ms',
} as const;

/** In Markdown: ratios within this run first, then the values of each step. */
export function openOrdersReport({ options, steps, starts, captures, reads }: Measured): string {
  const open = steps.at(-1)?.open ?? 0;
  const [hot, cold] = [median(captures.hot), median(captures.cold)];
  const one = median(reads['one order']);
  return [
    `${open} orders wait for their capture (asked for: ${options.orders}), ${options.concurrency} started at a time. Node ${process.versions.node}, ${cpus().length} cores.`,
    '',
    '| | |',
    '| --- | --- |',
    ...(['ordersPerSecond', 'cpuMsPerOrder'] as const).map((figure) => {
      const [loaded, empty] = [starts.loaded, starts.empty].map((each) =>
        median(each.map((one) => one[figure])),
      );
      return `| ${STARTS[figure]}, to an empty system | ${ratio(loaded, empty)} |`;
    }),
    ...growth(steps),
    `| a cold capture, to a hot one | ${(cold / hot).toFixed(2)} × (${cold.toFixed(1)} / ${hot.toFixed(1)} ms) |`,
    ...(Object.keys(reads) as Read[]).map((read) => {
      const ms = median(reads[read]);
      return `| ${read}, to one order | ${(ms / one).toFixed(1)} × (${ms.toFixed(1)} ms) |`;
    }),
    '',
    'Each step. CPU is of Temporal, worker and API.',
    '',
    '| open | orders/s | CPU an order, ms | worker, MiB | database, MiB |',
    '| --- | --- | --- | --- | --- |',
    ...steps.map(
      (step) =>
        `| ${step.open} | ${step.ordersPerSecond.toFixed(1)} | ${step.cpuMsPerOrder.toFixed(1)} | ${(step.workerKb / 1024).toFixed(0)} | ${(step.databaseBytes / MIB).toFixed(1)} |`,
    ),
    '',
  ].join('\n');
}

function ratio(one = Number.NaN, other = Number.NaN): string {
  return `${(one / other).toFixed(2)} × (${one.toFixed(1)} / ${other.toFixed(1)})`;
}

/**
 * From the middle step, when the worker's cache has filled, to the last; what a million would take is reckoned from that slope, not
 * measured.
 */
function growth(steps: readonly Step[]): string[] {
  const [middle, last] = [steps[Math.floor(steps.length / 2)], steps.at(-1)];
  if (!middle || !last || middle === last) return [];
  const bytes = (last.databaseBytes - middle.databaseBytes) / (last.open - middle.open);
  const million = (bytes * MILLION) / MIB / 1024;
  return [
    `| memory of the worker, last step to the middle one | ${(last.workerKb / middle.workerKb).toFixed(2)} × |`,
    `| database, an open order | ${(bytes / 1024).toFixed(1)} KiB; a million, reckoned: ${million.toFixed(1)} GiB |`,
  ];
}
