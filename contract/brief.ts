type Fields = Readonly<Record<string, unknown>>;

/**
 * A value as messages hold it: what it has as usual is left out. Temporal keeps every message in the history, so that whoever
 * reads one puts the rest back.
 */
export type Brief<T> = { readonly [Key in keyof T]?: unknown };

/**
 * What most values of a type have. A function: what is usual within a field that is there, whose other fields may tell. What is
 * stored was left out by it: never change one of its values.
 */
export type Usual<T> = T extends unknown
  ? { readonly [Key in keyof T]?: T[Key] | ((field: Fields) => Usual<NonNullable<T[Key]>>) }
  : never;

export function brief<T extends object>(value: T, usual: Usual<T>): Brief<T> {
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const expected = fieldOf(usual, key);
    if (typeof expected === 'function')
      return [[key, isRecord(field) ? brief(field, expected(field)) : field]];
    return expected !== undefined && JSON.stringify(field) === JSON.stringify(expected) ? [] : [[key, field]];
  });
  return Object.fromEntries(fields);
}

/** The value again; one that was never shortened stays as it is. */
export function whole<T extends object>(value: Brief<T>, usual: Usual<T>): T {
  const left = Object.entries(usual).filter(([, expected]) => typeof expected !== 'function');
  const fields = Object.entries(value ?? {}).map(([key, field]) => {
    const expected = fieldOf(usual, key);
    return [key, typeof expected === 'function' && isRecord(field) ? whole(field, expected(field)) : field];
  });
  return Object.fromEntries([...left, ...fields]);
}

function fieldOf(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Fields)[key] : undefined;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
