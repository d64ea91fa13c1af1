import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { formatMoney } from '../domain/money.ts';
import type { Difference, ReconciliationReport } from '../domain/reconciliation.ts';
import { reconciledSignal, reconciliationQuery } from './messages.ts';
import { dateOf } from './time.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from './visibility.ts';

/** Each report is a signal of up to 100 KB. */
const REPORTS_PER_RUN = 50;
/** How many differences are written out for Temporal's UI; the API lists all that were kept. */
const SHOWN_MAX = 20;

/**
 * Keeps the last reconciliation's report. One workflow for all runs, so that what does not add up is one thing that
 * needs attention, and no longer does once a later run finds it explained.
 */
export async function reconciliation(carried: ReconciliationReport | null = null): Promise<void> {
  let report = carried;
  let taken = 0;
  setHandler(reconciliationQuery, () => report);
  setHandler(reconciledSignal, (next) => {
    taken += 1;
    // A run that was slower than its successor tells old news.
    if (report !== null && next.to < report.to) return;
    if (report === null || needsAttention(report) !== needsAttention(next)) showAttention(next);
    report = next;
    setCurrentDetails(describe(next));
  });
  if (report !== null) setCurrentDetails(describe(report));
  await condition(() => taken >= REPORTS_PER_RUN);
  await continueAsNew<typeof reconciliation>(report);
}

function needsAttention({ findings }: ReconciliationReport): boolean {
  return findings.differenceCount > 0;
}

function showAttention(report: ReconciliationReport): void {
  upsertSearchAttributes([
    { key: NEEDS_ATTENTION, value: needsAttention(report) },
    { key: ATTENTION_CODE, value: needsAttention(report) ? 'unreconciled' : null },
  ]);
}

/** Markdown for Temporal's UI. */
function describe({ from, to, findings: { differences, differenceCount } }: ReconciliationReport): string {
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
