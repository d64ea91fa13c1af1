/** What a drill came to. */
export interface Report {
  readonly seed: number;
  readonly works: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly restarts: number;
  /** That reached their subscriber, each counted once. */
  readonly events: number;
  /** From the end of a round's faults until what was waited for at that moment had come, in milliseconds (healing.ts). */
  readonly healMs: { readonly webhooksOff: readonly number[]; readonly webhooksDisturbed: readonly number[] };
  readonly durationMs: number;
  /** In words; none is the point of it all. */
  readonly violations: readonly string[];
}

const VIOLATIONS_SHOWN = 20;

export function linesOf(report: Report): string[] {
  const { works, faults, violations, healMs } = report;
  const orders = Object.entries(works)
    .filter(([kind]) => !['payout', 'transfer', 'account'].includes(kind))
    .reduce((sum, [, count]) => sum + count, 0);
  return [
    `seed          ${report.seed}`,
    `work          ${total(works)}, of which ${orders} orders: ${listed(works)}`,
    `requests      ${report.requests}`,
    `faults        ${total(faults)}: ${listed(faults)}`,
    `restarts      ${report.restarts}`,
    `events        ${report.events}`,
    `time to heal  webhooks off: ${healed(healMs.webhooksOff)}`,
    `              webhooks lost, doubled, reordered: ${healed(healMs.webhooksDisturbed)}`,
    `duration      ${seconds(report.durationMs)}`,
    `violations    ${violations.length}`,
    ...violations.slice(0, VIOLATIONS_SHOWN).map((violation) => `  ${violation}`),
  ];
}

function healed(times: readonly number[]): string {
  if (times.length === 0) return 'nothing was waited for';
  const at = (share: number) =>
    seconds(times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} (${times.length} steps)`;
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted()
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function seconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'never';
}
