/** Conditions of a visibility query. Values are quoted here and nowhere else. */

export type Comparison = 'gt' | 'gte' | 'lt' | 'lte';

export function equals(attribute: string, value: string | boolean): string {
  return `${attribute} = ${typeof value === 'boolean' ? value : quote(value)}`;
}

export function isOneOf(attribute: string, values: readonly string[]): string {
  return `${attribute} IN (${values.map(quote).join(', ')})`;
}

export function isNoneOf(attribute: string, values: readonly string[]): string {
  return `${attribute} NOT IN (${values.map(quote).join(', ')})`;
}

/** From `first` to `last`, both included. */
export function isWithin(attribute: string, first: string, last: string): string {
  return `${attribute} BETWEEN ${quote(first)} AND ${quote(last)}`;
}

export function isSet(attribute: string): string {
  return `${attribute} IS NOT NULL`;
}

export function startsWith(attribute: string, prefix: string): string {
  return `${attribute} STARTS_WITH ${quote(prefix)}`;
}

/**
 * Compares with a time in milliseconds. Temporal keeps finer times than callers see, so that a time counts as the
 * whole millisecond it falls in: what is shown as `t` is found by `lte` t and by `gte` t.
 */
export function compares(attribute: string, comparison: Comparison, ms: number): string {
  switch (comparison) {
    case 'gt':
      return `${attribute} >= ${quoteTime(ms + 1)}`;
    case 'gte':
      return `${attribute} >= ${quoteTime(ms)}`;
    case 'lt':
      return `${attribute} < ${quoteTime(ms)}`;
    case 'lte':
      return `${attribute} < ${quoteTime(ms + 1)}`;
  }
}

/** What `pending_for[gte]` asks for: an operation that has been retried for at least that many seconds; none: all. */
export function pendingFor(query: { readonly 'pending_for[gte]'?: number | undefined }): readonly string[] {
  const seconds = query['pending_for[gte]'];
  return seconds === undefined ? [] : [compares('PendingSince', 'lte', Date.now() - seconds * 1_000)];
}

export function all(conditions: readonly string[]): string {
  return conditions.join(' AND ');
}

function quoteTime(ms: number): string {
  return quote(new Date(ms).toISOString());
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
