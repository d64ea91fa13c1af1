import { presentDifference, presentReconciliation } from '../reconciliation/present-reconciliation.ts';
import type { ReconciliationFailure, ReconciliationReport } from '../reconciliation/reconciliation.ts';
import { rfc3339 } from '../rfc3339.ts';
import type { News, Publisher } from './outgoing-event.ts';

/** What is known of all runs. */
export interface Reconciled {
  /** The last one; null: none has finished yet. */
  readonly report: ReconciliationReport | null;
  /** Of a run after it. */
  readonly failure: ReconciliationFailure | null;
}

export interface ReconciliationStanding {
  /** Up to where the last run with a report looked: milliseconds since the epoch. Null: there was none. */
  readonly to: number | null;
  /** Of that report. */
  readonly differenceCount: number;
  /** Up to where the run was to look that failed last; null: no run failed since the report. */
  readonly failedAt: number | null;
}

/** As many differences as an event shows, the oldest first: the report has all. */
const SHOWN_MAX = 20;

export const RECONCILIATION_EVENTS = {
  kind: 'reconciliation',
  unborn: { to: null, differenceCount: 0, failedAt: null },
  idOf: () => 'last',
  standingOf: ({ report, failure }) => ({
    to: report?.to ?? null,
    differenceCount: report?.findings.differenceCount ?? 0,
    failedAt: failure?.to ?? null,
  }),
  newsOf: (before, _, now) => newsOf(before, now),
  present: ({ report, failure }, at) => ({
    id: 'last',
    object: 'reconciliation' as const,
    report: report && {
      ...presentReconciliation(report),
      differences: report.findings.differences
        .slice(0, SHOWN_MAX)
        .map((difference) => presentDifference(difference, at)),
    },
    failure: failure && { at: rfc3339(failure.to), message: failure.message },
  }),
} satisfies Publisher<Reconciled, ReconciliationStanding>;

/** Every run that found differences, and the first that found none after them. */
function newsOf(
  before: ReconciliationStanding,
  { to, differenceCount, failedAt }: ReconciliationStanding,
): readonly News<'reconciliation'>[] {
  const isNew = to !== before.to;
  const isHealed = differenceCount === 0 && (before.differenceCount > 0 || before.failedAt !== null);
  return [
    ...(isNew && differenceCount > 0
      ? [{ type: 'reconciliation.differences_found', subject: null } as const]
      : []),
    ...(isNew && isHealed ? [{ type: 'reconciliation.reconciled', subject: null } as const] : []),
    ...(failedAt !== null && failedAt !== before.failedAt
      ? [{ type: 'reconciliation.failed', subject: null } as const]
      : []),
  ];
}
