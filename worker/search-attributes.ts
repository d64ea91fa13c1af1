import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { SearchAttributeTypes } from '../temporal/search-attributes.ts';
import { indexedValueType, missingIn, mistypedIn } from '../temporal/search-attributes.ts';

const POLL_MS = 100;
const VISIBLE_WITHIN_MS = 30_000;

/**
 * Makes the namespace know our search attributes, and returns once it does: a workflow that starts with one that is
 * unknown is refused. Those already there stay as they are, so every worker may call this at every start; one of another type is an error.
 */
export async function registerSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
  attributes: SearchAttributeTypes,
): Promise<void> {
  const missing = async () => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const [mistyped] = mistypedIn(customAttributes, attributes);
    if (mistyped)
      throw new Error(
        `The search attribute ${mistyped} in the namespace ${namespace}. Remove it there first.`,
      );
    return missingIn(customAttributes, attributes);
  };
  const wanted = await missing();
  if (wanted.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      Object.entries(attributes)
        .filter(([name]) => wanted.includes(name))
        .map(([name, type]) => [name, indexedValueType(type)]),
    ),
  });
  const deadline = performance.now() + VISIBLE_WITHIN_MS;
  while ((await missing()).length > 0) {
    if (performance.now() > deadline)
      throw new Error(`Search attributes not visible in namespace ${namespace}.`);
    await sleep(POLL_MS);
  }
}
