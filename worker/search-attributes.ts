import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

export type SearchAttributeTypes = Readonly<
  Record<string, 'KEYWORD' | 'KEYWORD_LIST' | 'BOOL' | 'DATETIME' | 'INT' | 'DOUBLE' | 'TEXT'>
>;

const POLL_MS = 100;
const VISIBLE_WITHIN_MS = 30_000;

/**
 * Makes the namespace know our search attributes, and returns once it does: a workflow that starts with one that is
 * unknown is refused. Those already there stay as they are, so every worker may call this at every start.
 */
export async function registerSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
  attributes: SearchAttributeTypes,
): Promise<void> {
  const missing = async () => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return Object.entries(attributes).filter(([name]) => !(name in customAttributes));
  };
  const wanted = await missing();
  if (wanted.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(wanted.map(([name, type]) => [name, indexedValueType(type)])),
  });
  const deadline = performance.now() + VISIBLE_WITHIN_MS;
  while ((await missing()).length > 0) {
    if (performance.now() > deadline)
      throw new Error(`Search attributes not visible in namespace ${namespace}.`);
    await sleep(POLL_MS);
  }
}

/** A type's number in Temporal's protocol. */
export function indexedValueType(
  type: SearchAttributeTypes[string],
): proto.temporal.api.enums.v1.IndexedValueType {
  return proto.temporal.api.enums.v1.IndexedValueType[`INDEXED_VALUE_TYPE_${type}`];
}
