import type { Measured, Report } from './order-path.ts';

const FIGURES = ['ordersPerSecond', 'latencyP50Ms', 'latencyP95Ms', 'cpuMsPerOrder'] as const;

/** Medians of both sides, their ratio, and the raw values of every round. */
export function printReport(report: Report, asJson: boolean): void {
  const rows = FIGURES.map((figure) => {
    const bare = valuesOf(report.bare, figure);
    const waybill = valuesOf(report.waybill, figure);
    return { figure, bare: median(bare), waybill: median(waybill), ratio: median(waybill) / median(bare) };
  });
  if (asJson) {
    console.log(JSON.stringify({ ...report, medians: rows }, null, 2));
    return;
  }
  console.table(
    Object.fromEntries(
      rows.map(({ figure, ...values }) => [
        figure,
        Object.fromEntries(Object.entries(values).map(([side, value]) => [side, Number(value.toFixed(2))])),
      ]),
    ),
  );
  for (const figure of FIGURES) {
    console.log(`${figure}  bare: ${raw(report.bare, figure)}  waybill: ${raw(report.waybill, figure)}`);
  }
}

function raw(rounds: readonly Measured[], figure: (typeof FIGURES)[number]): string {
  return valuesOf(rounds, figure)
    .map((value) => value.toFixed(1))
    .join(' ');
}

function valuesOf(rounds: readonly Measured[], figure: (typeof FIGURES)[number]): number[] {
  return rounds.map((round) => round[figure] ?? Number.NaN);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
