interface Schema {
  readonly [keyword: string]: unknown;
}

/**
 * Describes constants, and says the defaults of a body's fields in words: from the keyword `default` generators of types (openapi-typescript) conclude that a field is
 * always there, and refuse a body without it.
 */
export function withDescriptions<Node>(node: Node): Node {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(withDescriptions) as Node;
  const entries = Object.entries(node).map(([name, value]) => [
    name,
    name === 'properties' ? fieldsOf(value as Schema) : withDescriptions(value),
  ]);
  return Object.fromEntries(entries);
}

function fieldsOf(properties: Schema): Schema {
  const fields = Object.entries(properties as Record<string, Schema>).map(([name, field]) => {
    const { default: preset, ...schema } = withDescriptions(field);
    if (isWorthSaying(preset)) return [name, { ...schema, description: said(schema, preset) }];
    const only = onlyValueOf(schema);
    return only === undefined || schema.description
      ? [name, schema]
      : [name, { ...schema, description: `Always \`${only}\`.` }];
  });
  return Object.fromEntries(fields);
}

/** Of a constant. */
function onlyValueOf({ const: constant, enum: values }: Schema): unknown {
  return constant ?? (Array.isArray(values) && values.length === 1 ? values[0] : undefined);
}

/** An empty object or list is what everybody expects. */
function isWorthSaying(preset: unknown): boolean {
  return preset !== undefined && !['{}', '[]'].includes(JSON.stringify(preset));
}

function said({ description = '' }: Schema, preset: unknown): string {
  const value = typeof preset === 'string' ? preset : JSON.stringify(preset);
  return `${description} Default: \`${value}\`.`.trim();
}
