interface Schema {
  readonly [keyword: string]: unknown;
}

/**
 * Defaults of a body's fields, in words: from the keyword `default` generators of types (openapi-typescript) conclude that a field is
 * always there, and refuse a body without it.
 */
export function withDefaultsInWords<Node>(node: Node): Node {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(withDefaultsInWords) as Node;
  const entries = Object.entries(node).map(([name, value]) => [
    name,
    name === 'properties' ? fieldsOf(value as Schema) : withDefaultsInWords(value),
  ]);
  return Object.fromEntries(entries);
}

function fieldsOf(properties: Schema): Schema {
  const fields = Object.entries(properties as Record<string, Schema>).map(([name, field]) => {
    const { default: preset, ...schema } = withDefaultsInWords(field);
    return [name, isWorthSaying(preset) ? { ...schema, description: said(schema, preset) } : schema];
  });
  return Object.fromEntries(fields);
}

/** An empty object or list is what everybody expects. */
function isWorthSaying(preset: unknown): boolean {
  return preset !== undefined && !['{}', '[]'].includes(JSON.stringify(preset));
}

function said({ description = '' }: Schema, preset: unknown): string {
  const value = typeof preset === 'string' ? preset : JSON.stringify(preset);
  return `${description} Default: \`${value}\`.`.trim();
}
