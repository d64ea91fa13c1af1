import type { Totals } from '../../domain/reconciliation/present-reconciliation.ts';
import { NO_TALLY, presentDifference } from '../../domain/reconciliation/present-reconciliation.ts';
import type { ReconciliationReport } from '../../domain/reconciliation/reconciliation.ts';
import { RECONCILED_AS } from '../../domain/reconciliation/reconciliation.ts';
import { csvText } from '../http/csv.ts';

const COLUMNS = [
  'record',
  'currency',
  'standing',
  'reason',
  'count',
  'amount',
  'order',
  'connected_account',
  'balance_transaction',
  'since',
  'age_seconds',
];

/**
 * One row per total, per reason of what is explained, and per difference; `record` says which, and `connected_…` that it is
 * of all connected accounts together.
 */
export function reconciliationCsv({ findings }: ReconciliationReport, now: number): string {
  const rows = [
    ...totalRows(findings, ''),
    ...totalRows(findings.connected, 'connected_'),
    ...findings.differences.map((difference) => {
      const { code, ...shown } = presentDifference(difference, now);
      return { record: 'difference', standing: 'unexplained', reason: code, count: 1, ...shown };
    }),
  ];
  return csvText(COLUMNS, rows);
}

function totalRows({ transactions, reasons }: Totals, whose: string) {
  return Object.keys(transactions)
    .sort()
    .flatMap((currency) => [
      ...RECONCILED_AS.map((standing) => ({
        record: `${whose}total`,
        currency,
        standing,
        ...(transactions[currency]?.[standing] ?? NO_TALLY),
      })),
      ...Object.entries(reasons[currency] ?? {}).map(([reason, tally]) => ({
        record: `${whose}reason`,
        currency,
        standing: 'explained',
        reason,
        ...tally,
      })),
    ]);
}
