import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

/**
 * Upserts the search attributes whose values have changed; null removes one. Each upsert costs an event, in the
 * history and in the visibility store.
 */
export function upsertChanged(attributes: readonly SearchAttributeUpdatePair[]): void {
  const { typedSearchAttributes: current } = workflowInfo();
  const changed = attributes.filter(
    ({ key, value }) => JSON.stringify(current.get(key) ?? null) !== JSON.stringify(value),
  );
  if (changed.length > 0) upsertSearchAttributes([...changed]);
}

/** The same for what a list shows but does not filter by: the workflow's memo holds it. */
export function upsertSummary(summary: object): void {
  const { memo } = workflowInfo();
  if (JSON.stringify(memo?.summary) !== JSON.stringify(summary)) upsertMemo({ summary });
}

/** Milliseconds since the epoch; null: this is not the first run. */
export function firstRunStartedAt(): number | null {
  const { startTime, continuedFromExecutionRunId } = workflowInfo();
  return continuedFromExecutionRunId === undefined ? startTime.getTime() : null;
}
