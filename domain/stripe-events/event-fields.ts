export type Fields = Readonly<Record<string, unknown>>;

/** The fields of something that may be no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** An id, also where Stripe expanded its object. */
export function text(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  const { id } = fieldsOf(value);
  return typeof id === 'string' ? id : null;
}
