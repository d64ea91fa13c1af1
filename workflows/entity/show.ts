import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails } from '@temporalio/workflow';
import { AWAITS_STRIPE, PENDING_SINCE } from '../../contract/search-attribute-keys.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { Notice } from '../../domain/attention/notice.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Timeline, TimelineEntry } from '../../domain/commands/timeline.ts';
import { openNotices } from '../../domain/orders/notices.ts';
import { needAttributes } from '../shared/need-attributes.ts';
import { dateOf } from '../shared/time.ts';
import { upsertChanged, upsertSummary } from '../shared/upsert-changed.ts';
import { currentDetails } from './details.ts';

/** What only one kind shows. */
export interface View {
  /** Markdown for Temporal's UI, one line each: where it stands, and where its money is. */
  readonly lines: readonly string[];
  /** What it is found by. */
  readonly attributes: readonly SearchAttributeUpdatePair[];
  /** What a list shows besides; absent: a list asks the workflow, or Stripe. */
  readonly summary?: object;
}

/** What the record of every kind shows. */
export interface Shown {
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  readonly notices: readonly Notice[];
  readonly awaitsStripe: string | null;
  readonly timeline: Timeline;
}

/** Shows a workflow where operators look: search attributes for lists, current details for Temporal's UI. */
export function show(record: Shown, view: View): void {
  const { pending, attention, notices, awaitsStripe } = record;
  const { attributes, summary } = view;
  showDetails(record, view);
  const open = openNotices(notices);
  upsertChanged([
    ...attributes,
    ...needAttributes(attention ?? open[0] ?? null),
    { key: AWAITS_STRIPE, value: awaitsStripe === null ? null : [awaitsStripe] },
    { key: PENDING_SINCE, value: delayedSince(pending) },
  ]);
  if (summary) upsertSummary(summary);
}

/** Costs no event. */
export function showDetails({ pending, attention, notices, timeline }: Shown, { lines }: View): void {
  const refusal = lastRefusal(timeline);
  setCurrentDetails(
    currentDetails({
      lines,
      pending,
      attention,
      refusal,
      notices: openNotices(notices),
      // Every command that is let in is in the timeline.
      requestId: `r${timeline.entries.length + timeline.dropped}`,
    }),
  );
}

/** Until another command is let in. */
function lastRefusal({ entries }: Timeline): TimelineEntry | null {
  const last = entries.findLast(({ type }) => type === 'command');
  return last?.name.endsWith(' refused') ? last : null;
}

/** Only of an operation that is retried: one that succeeds at once costs no event. */
function delayedSince(pending: PendingOperation | null) {
  return pending?.failure ? dateOf(pending.since) : null;
}
