import proto from '@temporalio/proto';

export type SearchAttributeTypes = Readonly<
  Record<string, 'KEYWORD' | 'KEYWORD_LIST' | 'BOOL' | 'DATETIME' | 'INT' | 'DOUBLE' | 'TEXT'>
>;

type IndexedValueType = proto.temporal.api.enums.v1.IndexedValueType;
const { IndexedValueType } = proto.temporal.api.enums.v1;
const PREFIX = 'INDEXED_VALUE_TYPE_';

/** A type's number in Temporal's protocol. */
export function indexedValueType(type: SearchAttributeTypes[string]): IndexedValueType {
  return IndexedValueType[`${PREFIX}${type}`];
}

/** Those of the wanted ones that a namespace does not have. `known`: what it has, by name. */
export function missingIn(
  known: Readonly<Record<string, IndexedValueType>>,
  wanted: SearchAttributeTypes,
): string[] {
  return Object.keys(wanted).filter((name) => !(name in known));
}

/**
 * Those that a namespace has with another type, in a few words each: made by hand, or by another application. Temporal refuses what
 * workflows write to them, and their tasks fail.
 */
export function mistypedIn(
  known: Readonly<Record<string, IndexedValueType>>,
  wanted: SearchAttributeTypes,
): string[] {
  return Object.entries(wanted).flatMap(([name, type]) => {
    const is = known[name];
    if (is === undefined || is === indexedValueType(type)) return [];
    return [`${name} is ${IndexedValueType[is]?.replace(PREFIX, '') ?? is} instead of ${type}`];
  });
}
