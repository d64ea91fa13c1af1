interface Json {
  readonly [keyword: string]: unknown;
}

/** The largest integer of 32 bits, which generators of clients take where nothing else is said. */
const INT32_MAX = 2_147_483_647;

/**
 * Types as generators of clients for other languages read them. Of an `enum` of booleans they make what does not compile in Java: a boolean that is
 * always the same says which value it is not. Amounts have up to twelve digits: an integer that may be that large says that it has 64 bits.
 */
export function withPlainTypes<Node>(node: Node): Node {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(withPlainTypes) as Node;
  const schema: Json = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, withPlainTypes(value)]),
  );
  if (isLarge(schema)) return { ...schema, format: 'int64' } as Node;
  const { enum: values, ...plain } = schema;
  if (schema.type !== 'boolean' || !Array.isArray(values)) return schema as Node;
  return { ...plain, not: { enum: [true, false].filter((value) => !values.includes(value)) } } as Node;
}

function isLarge({ type, maximum }: Json): boolean {
  const isInteger = type === 'integer' || (Array.isArray(type) && type.includes('integer'));
  return isInteger && !(typeof maximum === 'number' && maximum <= INT32_MAX);
}
