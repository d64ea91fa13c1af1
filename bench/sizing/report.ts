import { cpus } from 'node:os';
import { median } from '../median.ts';
import type { Measured, Options, Round } from './measured.ts';

const KIB = 1024;
const RATES = [100, 1_000, 10_000] as const;

/** In Markdown: CPU an order of each process, and the cores that so much CPU is at some rates. */
export function sizingReport({ orders, concurrency }: Options, measured: Measured): string {
  const { asInstalled: rounds, dropped, withoutIndexes } = measured;
  const groups = Object.keys(rounds[0]?.cpuMsPerOrder ?? {});
  const rows = groups.map((group) => {
    const ms = median(rounds.map(({ cpuMsPerOrder }) => cpuMsPerOrder[group] ?? Number.NaN));
    const perCore = ms > 0 ? (1000 / ms).toFixed(0) : '–';
    const cores = RATES.map((rate) => ((rate * ms) / 1000).toFixed(1));
    return `| ${group} | ${ms.toFixed(1)} | ${perCore} | ${cores.join(' | ')} |`;
  });
  const wal = (of: readonly Round[]) => median(of.map(({ walBytesPerOrder }) => walBytesPerOrder)) / KIB;
  const postgres = (of: readonly Round[]) =>
    median(of.map(({ cpuMsPerOrder }) => cpuMsPerOrder.PostgreSQL ?? Number.NaN));
  return [
    `A cluster of plain processes on PostgreSQL: ${rounds.length} rounds of ${orders} captured orders, ${concurrency} at a time. Node ${process.versions.node}, ${cpus().length} cores.`,
    'Medians of CPU time; cores are reckoned from them, at full use of each.',
    '',
    `| | CPU an order, ms | orders/s a core | ${RATES.map((rate) => `cores at ${rate}/s`).join(' | ')} |`,
    `| --- | --- | --- | ${RATES.map(() => '---').join(' | ')} |`,
    ...rows,
    '',
    `PostgreSQL's write-ahead log: ${wal(rounds).toFixed(1)} KiB an order.`,
    `Without the ${dropped.length} visibility indexes over columns that hold nothing: ${wal(withoutIndexes).toFixed(1)} KiB (${(wal(withoutIndexes) / wal(rounds)).toFixed(2)} ×), PostgreSQL ${postgres(withoutIndexes).toFixed(1)} ms (${(postgres(withoutIndexes) / postgres(rounds)).toFixed(2)} ×).`,
    `They are: ${dropped.join(', ')}.`,
    `Orders/s of each round, all processes on this one machine: ${rounds.map(({ ordersPerSecond }) => ordersPerSecond.toFixed(1)).join(' ')}`,
    '',
  ].join('\n');
}
