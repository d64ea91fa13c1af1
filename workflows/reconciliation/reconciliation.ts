import {
  CancellationScope,
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
import { nothingPublished } from '../../domain/outgoing-events/announce.ts';
import type { Published } from '../../domain/outgoing-events/outgoing-event.ts';
import type {
  Reconciled,
  ReconciliationStanding,
} from '../../domain/outgoing-events/reconciliation-events.ts';
import { RECONCILIATION_EVENTS } from '../../domain/outgoing-events/reconciliation-events.ts';
import type {
  Difference,
  ReconciliationFailure,
  ReconciliationReport,
} from '../../domain/reconciliation/reconciliation.ts';
import { Outbox } from '../entity/outbox.ts';
import type { Timer } from '../entity/timer.ts';
import { earliest } from '../entity/timer.ts';
import { escapeMarkdown, runbookLink } from '../shared/markdown.ts';
import { needAttributes } from '../shared/need-attributes.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry, upgrade } from '../shared/snapshots.ts';
import { dateOf, SECOND_MS, workflowNow } from '../shared/time.ts';

/** Each report is a signal of up to 100 KB. */
const REPORTS_PER_RUN = 50;
/** Written out for Temporal's UI; the API lists all that were kept. */
const SHOWN_MAX = 20;

/** What continue-as-new carries over. */
interface Carried extends Reconciled {
  readonly published: Published<ReconciliationStanding>;
}

/**
 * Keeps the last reconciliation's report. One workflow for all runs: it needs attention while there are differences or
 * the last run failed, until a later run explains them. A cancel request is ignored: what needs attention would be gone unseen.
 */
export function reconciliation(earlier?: Versioned<Carried>): Promise<void> {
  return CancellationScope.nonCancellable(() => keepReport(earlier));
}

async function keepReport(earlier: Versioned<Carried> | undefined): Promise<void> {
  const carried = earlier ? upgrade('reconciliation', earlier) : beginning();
  let { report, failure }: Reconciled = carried;
  const outbox = new Outbox(RECONCILIATION_EVENTS, carried.published);
  let taken = 0;
  let isWoken = true;
  const wake = () => {
    isWoken = true;
  };
  let shown = report || failure ? attentionOf(report, failure) : undefined;
  const show = () => {
    const code = attentionOf(report, failure);
    if (code !== shown) showAttention(code);
    shown = code;
    setCurrentDetails(describe(report, failure));
    wake();
  };
  setHandler(reconciliationQuery, () => report, { description: 'The last report' });
  setHandler(
    reconciledSignal,
    (next) => {
      taken += 1;
      // A run that was slower than its successor is out of date.
      if (report !== null && next.to < report.to) return;
      report = next;
      if (failure !== null && failure.to <= next.to) failure = null;
      show();
    },
    { description: 'Internal: a run has a report' },
  );
  setHandler(
    reconciliationFailedSignal,
    (next) => {
      taken += 1;
      if (report !== null && next.to <= report.to) return;
      failure = next;
      show();
    },
    { description: 'Internal: a run found nothing out' },
  );
  if (shown !== undefined) setCurrentDetails(describe(report, failure));
  while (taken < REPORTS_PER_RUN) {
    const timer = earliest(outbox.timers());
    if (timer === null) await condition(() => isWoken || taken >= REPORTS_PER_RUN);
    else if (!(await isInTime(() => isWoken, timer))) await timer.fire();
    isWoken = false;
    await outbox.publish({ report, failure }, wake);
  }
  const { published } = outbox;
  await continueAsNew<typeof reconciliation>(carry('reconciliation', { report, failure, published }));
}

/**
 * Its numbers start from the current time in seconds, above those of a workflow that Temporal has lost. A run is rare:
 * whether there is a subscriber is asked each time.
 */
function beginning(): Carried {
  const sequence = Math.floor(workflowNow() / SECOND_MS);
  return { report: null, failure: null, published: nothingPublished(RECONCILIATION_EVENTS, true, sequence) };
}

function isInTime(isWoken: () => boolean, { at, summary }: Timer): Promise<boolean> {
  return condition(isWoken, Math.max(1, at - workflowNow()), { summary });
}

function attentionOf(
  report: ReconciliationReport | null,
  failure: ReconciliationFailure | null,
): 'reconciliation_failed' | 'unreconciled' | null {
  if (failure !== null) return 'reconciliation_failed';
  return report !== null && report.findings.differenceCount > 0 ? 'unreconciled' : null;
}

function showAttention(code: string | null): void {
  upsertSearchAttributes([...needAttributes(code === null ? null : { code, since: workflowNow() })]);
}

/** Markdown for Temporal's UI. */
function describe(report: ReconciliationReport | null, failure: ReconciliationFailure | null): string {
  return [
    ...(failure
      ? [
          `**failed** · ${dateOf(failure.to).toISOString()}: ${escapeMarkdown(failure.message)}. ${runbookLink('reconciliation_failed')}`,
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
    `**${differenceCount} differences** · ${period}. ${runbookLink('unreconciled')}`,
    ...differences.slice(0, SHOWN_MAX).map(describeDifference),
    ...(rest > 0 ? [`… and ${rest} more`] : []),
  ].join('\n\n');
}

function describeDifference({
  code,
  amount,
  currency,
  orderId,
  account,
  transaction,
  since,
}: Difference): string {
  const where = [
    orderId && `order \`${orderId}\``,
    account && `account \`${account}\``,
    transaction && `\`${transaction}\``,
  ].filter(Boolean);
  const at = dateOf(since).toISOString();
  return `- \`${code}\` ${formatMoney({ amount, currency })} · ${where.join(' · ')} · since ${at}`;
}
