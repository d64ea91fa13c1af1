interface Json {
  readonly [keyword: string]: unknown;
}

/** Says of a boolean that is always the same which value it is not: of an `enum` of booleans generators of clients make what does not compile in Java. */
export function withPlainBooleans<Node>(node: Node): Node {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(withPlainBooleans) as Node;
  const schema: Json = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, withPlainBooleans(value)]),
  );
  const { enum: values, ...plain } = schema;
  if (schema.type !== 'boolean' || !Array.isArray(values)) return schema as Node;
  return { ...plain, not: { enum: [true, false].filter((value) => !values.includes(value)) } } as Node;
}
