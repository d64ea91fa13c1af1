import type { z } from 'zod';

/** A query in which `metadata[key]=value` stands for an object, where the endpoint has a field of that name: OpenAPI's `deepObject`. */
export function withObjects(
  { shape }: z.ZodObject,
  query: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  // Without a prototype, so that the name `__proto__` is one as any other, and refused.
  const whole: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(query)) {
    const [, field, key] = /^(\w+)\[(.*)\]$/s.exec(name) ?? [];
    const isPart =
      field !== undefined &&
      key !== undefined &&
      // Validation would drop it in silence, and with it the filter.
      key !== '__proto__' &&
      Object.hasOwn(shape, field) &&
      !Object.hasOwn(shape, name);
    if (isPart) whole[field] = { ...objectOf(whole[field]), [key]: value };
    else whole[name] = value;
  }
  return whole;
}

/** What came as no object gives way to what did. */
function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
