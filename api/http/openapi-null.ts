interface Json {
  readonly [keyword: string]: unknown;
}

export type Schemas = Readonly<Record<string, Json>>;

const NULL = { type: 'null' };

/**
 * A document of these components in which an object that may be null is one of two, the object or null, and no component is null itself. A component
 * is made of its first use, with the null of that one, and generators of clients make of either a class that is never null.
 */
export function nullApart(schemas: Schemas): <Node>(node: Node) => Node {
  const names = Object.keys(schemas).filter((name) => isObjectOrNull(schemas[name]));
  const references: ReadonlySet<unknown> = new Set(names.map((name) => `#/components/schemas/${name}`));
  const components: ReadonlySet<unknown> = new Set(names.map((name) => schemas[name]));
  const rewritten = <Node>(node: Node): Node => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map(rewritten) as Node;
    const schema: Json = Object.fromEntries(
      Object.entries(node).map(([name, value]) => [name, rewritten(value)]),
    );
    if (references.has(schema.$ref)) return { anyOf: [schema, NULL] } as Node;
    if (!isObjectOrNull(schema)) return schema as Node;
    const { description, ...object }: Json = { ...schema, type: 'object' };
    if (components.has(node)) return { ...object, description } as Node;
    return { anyOf: [object, NULL], ...(description === undefined ? {} : { description }) } as Node;
  };
  return rewritten;
}

function isObjectOrNull({ type }: Json = {}): boolean {
  return Array.isArray(type) && type.includes('object') && type.includes('null');
}
