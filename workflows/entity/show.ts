import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails } from '@temporalio/workflow';
import type { Attention } from '../../domain/attention/attention.ts';
import type { Notice } from '../../domain/attention/notice.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import { upsertChanged } from '../shared/upsert-changed.ts';
import {
  ATTENTION_CODE,
  delayedSince,
  describeAttention,
  describeNotices,
  describePending,
  NEEDS_ATTENTION,
  PENDING_SINCE,
} from '../visibility.ts';

/** What operators see of a workflow. */
export interface View {
  readonly workflowId: string;
  /** Markdown for Temporal's UI: where it stands. */
  readonly lines: readonly string[];
  /** What only its kind is found by; what asks for a person and what is retried is the same for all. */
  readonly attributes: readonly SearchAttributeUpdatePair[];
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  readonly notices: readonly Notice[];
}

/**
 * Shows a workflow where operators look: search attributes for lists, current details for Temporal's UI. Costs an
 * event only when something that it can be found by has changed.
 */
export function createShow<State>(viewOf: (state: State) => View): (state: State) => void {
  return (state) => {
    const view = viewOf(state);
    const { attributes, pending, attention, notices } = view;
    const code = attention?.code ?? notices[0]?.code ?? null;
    setCurrentDetails(describe(view));
    upsertChanged([
      ...attributes,
      { key: NEEDS_ATTENTION, value: code !== null },
      { key: ATTENTION_CODE, value: code },
      { key: PENDING_SINCE, value: delayedSince(pending) },
    ]);
  };
}

function describe({ workflowId, lines, pending, attention, notices }: View): string {
  return [
    ...lines,
    ...describePending(pending),
    ...(attention ? describeAttention(attention, workflowId) : []),
    ...describeNotices(notices, workflowId),
  ].join('\n\n');
}
