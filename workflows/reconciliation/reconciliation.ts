import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import {
  reconciledSignal,
  reconciliationFailedSignal,
  reconciliationQuery,
} from '../../contract/reconciliation.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type {
  Difference,
  ReconciliationFailure,
  ReconciliationReport,
} from '../../domain/reconciliation/reconciliation.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry, upgrade } from '../shared/snapshots.ts';
import { dateOf } from '../shared/time.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../visibility.ts';

/** Each report is a signal of up to 100 KB. */
const REPORTS_PER_RUN = 50;
/** How many differences are written out for Temporal's UI; the API lists all that were kept. */
const SHOWN_MAX = 20;

/** What continue-as-new carries over. */
interface Carried {
  readonly report: ReconciliationReport | null;
  readonly failure: ReconciliationFailure | null;
}

/**
 * Keeps the last reconciliation's report. One workflow for all runs, so that what does not add up is one thing that
 * needs attention, and no longer does once a later run finds it explained. So is a run that failed: the report grows old then.
 */
export async function reconciliation(earlier?: Versioned<Carried>): Promise<void> {
  let { report, failure }: Carried = earlier
    ? upgrade('reconciliation', earlier)
    : { report: null, failure: null };
  let taken = 0;
  let shown = report || failure ? attentionOf(report, failure) : undefined;
  const show = () => {
    const code = attentionOf(report, failure);
    if (code !== shown) showAttention(code);
    shown = code;
    setCurrentDetails(describe(report, failure));
  };
  setHandler(reconciliationQuery, () => report);
  setHandler(reconciledSignal, (next) => {
    taken += 1;
    // A run that was slower than its successor brings old news.
    if (report !== null && next.to < report.to) return;
    report = next;
    if (failure !== null && failure.to <= next.to) failure = null;
    show();
  });
  setHandler(reconciliationFailedSignal, (next) => {
    taken += 1;
    if (report !== null && next.to <= report.to) return;
    failure = next;
    show();
  });
  if (shown !== undefined) setCurrentDetails(describe(report, failure));
  await condition(() => taken >= REPORTS_PER_RUN);
  await continueAsNew<typeof reconciliation>(carry('reconciliation', { report, failure }));
}

function attentionOf(
  report: ReconciliationReport | null,
  failure: ReconciliationFailure | null,
): 'reconciliation_failed' | 'unreconciled' | null {
  if (failure !== null) return 'reconciliation_failed';
  return report !== null && report.findings.differenceCount > 0 ? 'unreconciled' : null;
}

function showAttention(code: string | null): void {
  upsertSearchAttributes([
    { key: NEEDS_ATTENTION, value: code !== null },
    { key: ATTENTION_CODE, value: code },
  ]);
}

/** Markdown for Temporal's UI. */
function describe(report: ReconciliationReport | null, failure: ReconciliationFailure | null): string {
  return [
    ...(failure
      ? [
          `**failed** · ${dateOf(failure.to).toISOString()}: ${failure.message}. Runbook: docs/runbook.md#reconciliation_failed`,
        ]
      : []),
    ...(report ? [describeReport(report)] : []),
  ].join('\n\n');
}

function describeReport({
  from,
  to,
  findings: { differences, differenceCount },
}: ReconciliationReport): string {
  const period = `${dateOf(from).toISOString()} – ${dateOf(to).toISOString()}`;
  if (differenceCount === 0) return `**reconciled** · ${period}`;
  const rest = differenceCount - Math.min(differences.length, SHOWN_MAX);
  return [
    `**${differenceCount} differences** · ${period}. Runbook: docs/runbook.md#unreconciled`,
    ...differences.slice(0, SHOWN_MAX).map(describeDifference),
    ...(rest > 0 ? [`… and ${rest} more`] : []),
  ].join('\n\n');
}

function describeDifference({ code, amount, currency, orderId, transaction, since }: Difference): string {
  const where = [orderId && `order \`${orderId}\``, transaction && `\`${transaction}\``].filter(Boolean);
  const at = dateOf(since).toISOString();
  return `- \`${code}\` ${formatMoney({ amount, currency })} · ${where.join(' · ')} · since ${at}`;
}
