import type { Difference, ReconciliationReport, Tally } from '../../domain/reconciliation/reconciliation.ts';
import { RECONCILED_AS } from '../../domain/reconciliation/reconciliation.ts';
import { csvText } from '../http/csv.ts';
import { rfc3339 } from '../http/rfc3339.ts';

const NONE: Tally = { count: 0, amount: 0 };

/** The report as callers see it, but for its differences, which come in pages. */
export function presentReconciliation({ from, to, findings }: ReconciliationReport) {
  return {
    object: 'reconciliation_report',
    period: { from: rfc3339(from), to: rfc3339(to) },
    reconciled: findings.differenceCount === 0,
    totals: totalsOf(findings),
    orders: findings.orders,
    difference_count: findings.differenceCount,
  };
}

function totalsOf({ transactions, reasons }: ReconciliationReport['findings']) {
  return Object.keys(transactions)
    .sort()
    .map((currency) => ({
      currency,
      ...Object.fromEntries(
        RECONCILED_AS.map((standing) => [standing, transactions[currency]?.[standing] ?? NONE]),
      ),
      explained_by: reasons[currency] ?? {},
    }));
}

/** `now`: milliseconds since the epoch. */
export function presentDifference(difference: Difference, now: number) {
  const { id, code, orderId, transaction, amount, currency, since } = difference;
  return {
    id,
    object: 'reconciliation_difference',
    code,
    order: orderId,
    balance_transaction: transaction,
    amount,
    currency,
    since: rfc3339(since),
    age_seconds: Math.max(0, Math.floor((now - since) / 1000)),
  };
}

const COLUMNS = [
  'record',
  'currency',
  'standing',
  'reason',
  'count',
  'amount',
  'order',
  'balance_transaction',
  'since',
  'age_seconds',
];

/** One row per total, per reason of what is explained, and per difference; `record` says which. */
export function reconciliationCsv({ findings }: ReconciliationReport, now: number): string {
  const { transactions, reasons, differences } = findings;
  const rows = [
    ...Object.keys(transactions)
      .sort()
      .flatMap((currency) => [
        ...RECONCILED_AS.map((standing) => ({
          record: 'total',
          currency,
          standing,
          ...(transactions[currency]?.[standing] ?? NONE),
        })),
        ...Object.entries(reasons[currency] ?? {}).map(([reason, tally]) => ({
          record: 'reason',
          currency,
          standing: 'explained',
          reason,
          ...tally,
        })),
      ]),
    ...differences.map((difference) => {
      const { code, ...shown } = presentDifference(difference, now);
      return { record: 'difference', standing: 'unexplained', reason: code, count: 1, ...shown };
    }),
  ];
  return csvText(COLUMNS, rows);
}
