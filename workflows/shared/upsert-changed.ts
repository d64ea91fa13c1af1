import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

/**
 * Upserts the search attributes that the workflow does not have with these values; null: it has none. An event, in the history and in
 * the visibility store, holds what changed, and there is none where nothing did.
 */
export function upsertChanged(attributes: readonly SearchAttributeUpdatePair[]): void {
  const { typedSearchAttributes: current } = workflowInfo();
  const changed = attributes.filter(
    ({ key, value }) => JSON.stringify(current.get(key) ?? null) !== JSON.stringify(value),
  );
  if (changed.length > 0) upsertSearchAttributes([...changed]);
}
