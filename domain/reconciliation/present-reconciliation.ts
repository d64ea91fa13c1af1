import { rfc3339 } from '../rfc3339.ts';
import type { Difference, ReconciliationReport, Tally } from './reconciliation.ts';
import { RECONCILED_AS } from './reconciliation.ts';

export const NO_TALLY: Tally = { count: 0, amount: 0 };

export type Totals = Pick<ReconciliationReport['findings'], 'transactions' | 'reasons'>;

/** The report as callers see it, but for its differences, which come in pages. */
export function presentReconciliation({ from, to, findings }: ReconciliationReport) {
  return {
    object: 'reconciliation_report' as const,
    period: { from: rfc3339(from), to: rfc3339(to) },
    reconciled: findings.differenceCount === 0,
    totals: totalsOf(findings),
    orders: findings.orders,
    connected: { totals: totalsOf(findings.connected), accounts: findings.connected.accounts },
    difference_count: findings.differenceCount,
  };
}

function totalsOf({ transactions, reasons }: Totals) {
  return Object.keys(transactions)
    .sort()
    .map((currency) => ({
      currency,
      ...Object.fromEntries(
        RECONCILED_AS.map((standing) => [standing, transactions[currency]?.[standing] ?? NO_TALLY]),
      ),
      explained_by: reasons[currency] ?? {},
    }));
}

/** `now`: milliseconds since the epoch. */
export function presentDifference(difference: Difference, now: number) {
  const { id, code, orderId, transaction, account, amount, currency, since } = difference;
  return {
    id,
    object: 'reconciliation_difference' as const,
    code,
    order: orderId,
    connected_account: account,
    balance_transaction: transaction,
    amount,
    currency,
    since: rfc3339(since),
    age_seconds: Math.max(0, Math.floor((now - since) / 1000)),
  };
}
