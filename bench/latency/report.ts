import { cpus } from 'node:os';
import type { Legs } from './legs.ts';

const ROWS = {
  'until the answer': ({ total }: Legs) => total,
  'to Temporal': ({ toTemporal }: Legs) => toTemporal,
  'to a worker': ({ toWorker }: Legs) => toWorker,
  'in the worker, without Stripe': ({ inWorker, stripe }: Legs) => inWorker - stripe,
  'at Stripe': ({ stripe }: Legs) => stripe,
  'back to the caller': ({ back }: Legs) => back,
};
const PERCENTILES = [50, 99] as const;

/** As Markdown: what an authorized answer takes beyond the bare workflow and Stripe, and where. */
export function latencyReport(
  sides: readonly { readonly name: string; readonly legs: readonly Legs[] }[],
): string {
  const [bare, waybill] = sides;
  const own = (percent: number) => {
    const at = ({ legs = [] }: Partial<{ legs: readonly Legs[] }> = {}, figure: (one: Legs) => number) =>
      percentile(legs.map(figure), percent);
    return at(waybill, ({ total, stripe }) => total - stripe) - at(bare, ({ total }) => total);
  };
  const rows = Object.entries(ROWS).map(([name, figure]) => [
    name,
    ...sides.map(({ legs }) =>
      PERCENTILES.map((percent) => percentile(legs.map(figure), percent).toFixed(1)).join(' / '),
    ),
  ]);
  const table = [['ms, p50 / p99', ...sides.map(({ name }) => name)], ['---', '---', '---'], ...rows];
  return [
    `${waybill?.legs.length} orders of each, one at a time and in turns. Node ${process.versions.node}, ${cpus().length} cores.`,
    '',
    `Beyond bare and Stripe an authorized answer takes ${PERCENTILES.map((percent) => `${own(percent).toFixed(1)} ms (p${percent})`).join(', ')}.`,
    '',
    ...table.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n');
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length * percent) / 100)] ?? Number.NaN;
}
