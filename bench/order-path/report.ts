import { cpus } from 'node:os';
import { median } from '../median.ts';
import type { Measured, Report } from './measure.ts';

const FIGURES = {
  'CPU an order, ms': ({ cpuMsPerOrder }: Measured) => cpuMsPerOrder,
  'the same with the caller, ms': ({ cpuMsPerOrderWithCaller }: Measured) => cpuMsPerOrderWithCaller,
  'orders/s': ({ ordersPerSecond }: Measured) => ordersPerSecond,
  'latency p50, ms': ({ latencyP50Ms }: Measured) => latencyP50Ms,
  'latency p95, ms': ({ latencyP95Ms }: Measured) => latencyP95Ms,
};
const PARTS = ['temporal', 'worker', 'api', 'caller', 'sandbox'];

/** The report as Markdown: ratios to the bare workflow first, then CPU by part, then the values of each round. */
export function orderPathReport({ orders, rounds, concurrency, sides, usedByOthers }: Report): string {
  const [bare, ...others] = sides;
  const ratios = Object.entries(FIGURES).map(([name, figure]) => {
    const floor = median(bare?.rounds.map(figure) ?? []);
    const each = others.map((side) => {
      const value = median(side.rounds.map(figure));
      return `${(value / floor).toFixed(2)} × (${value.toFixed(1)})`;
    });
    return [name, floor.toFixed(1), ...each];
  });
  const byPart = PARTS.map((part) => [
    part,
    ...sides.map((side) => {
      const values = side.rounds.flatMap(({ cpuMsPerOrderByPart }) => cpuMsPerOrderByPart[part] ?? []);
      return values.length === 0 ? '–' : median(values).toFixed(1);
    }),
  ]);
  const raw = Object.entries(FIGURES).map(([name, figure]) => [
    name,
    ...sides.map((side) => side.rounds.map((round) => figure(round).toFixed(1)).join(' ')),
  ]);
  const names = sides.map(({ name }) => name);
  return [
    `${rounds} interleaved rounds of ${orders} orders, ${concurrency} at a time. Node ${process.versions.node}, ${cpus().length} cores; other`,
    `programs used ${(usedByOthers * 100).toFixed(0)} % of the CPU that was used meanwhile.`,
    '',
    'Ratios of medians to the bare workflow; in parentheses the medians. CPU is of Temporal, worker and API. The caller is who sends orders:',
    "bare it is a program with Temporal's client, which Waybill has in its API.",
    '',
    ...table(['', ...names], ratios),
    '',
    'CPU an order by part, ms. The sandbox stands for Stripe and is counted nowhere above.',
    '',
    ...table(['', ...names], byPart),
    '',
    'Each round:',
    '',
    ...table(['', ...names], raw),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
