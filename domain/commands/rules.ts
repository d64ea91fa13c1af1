/**
 * Rules among the fields of a body, as JSON Schema: what `superRefine` checks, the OpenAPI document cannot see. Each stands
 * beside the check that it describes, in `allOf`: generators of clients take `oneOf` and `anyOf` for what the body is.
 */

interface Rule {
  readonly [keyword: string]: unknown;
}

export function notTogether(one: string, other: string): Rule {
  return { not: { required: [one, other] } };
}

export function atLeastOneOf(...names: readonly string[]): Rule {
  return { anyOf: names.map(only) };
}

export function exactlyOneOf(...names: readonly string[]): Rule {
  return { oneOf: names.map(only) };
}

/** Either of the two holds: `unless({ a: 'x' }, …)` demands the second where `a` is something else. */
export function unless(fields: Readonly<Record<string, readonly unknown[]>>, otherwise: Rule): Rule {
  return { anyOf: [{ properties: oneOfEach(fields) }, otherwise] };
}

/** Each field has one of its values, where it is given. */
export function oneOfEach(fields: Readonly<Record<string, readonly unknown[]>>): Rule {
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, { enum: values }]));
}

function only(name: string): Rule {
  return { required: [name] };
}
