import { isCurrency, supportedCurrencies } from '../core/money.ts';
import { malformed } from './errors.ts';

/**
 * Parameters, declared per endpoint. Stripe's wire knows only strings, hashes and arrays; a parser turns one of them
 * into a value or answers with Stripe's own sentence about it.
 */
export type Parser<T> = (value: unknown, name: string) => T;

export interface Field<T> {
  parse: Parser<T>;
  required: boolean;
}

interface RequiredField<T> extends Field<T> {
  required: true;
}

interface OptionalField<T> extends Field<T> {
  required: false;
}

export type Shape = Record<string, Field<unknown>>;

export type Parsed<S extends Shape> = {
  [K in keyof S as S[K] extends RequiredField<unknown> ? K : never]: S[K] extends Field<infer T> ? T : never;
} & {
  [K in keyof S as S[K] extends RequiredField<unknown> ? never : K]?:
    | (S[K] extends Field<infer T> ? T : never)
    | undefined;
};

export function required<T>(parse: Parser<T>): RequiredField<T> {
  return { parse, required: true };
}

export function optional<T>(parse: Parser<T>): OptionalField<T> {
  return { parse, required: false };
}

function notEmpty(value: unknown, name: string): void {
  if (value !== '') return;
  throw malformed(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a field; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    name,
    'parameter_invalid_empty',
  );
}

const MAX_STRING = 5000;
const MAX_LONG_STRING = 20_000;

export function textUpTo(maximum: number): Parser<string> {
  return (value, name) => {
    if (typeof value !== 'string') throw malformed(`Invalid string: ${JSON.stringify(value)}`, name);
    notEmpty(value, name);
    if (characterCount(value) > maximum) {
      throw malformed(
        `Invalid string: ${name} must be at most ${maximum} characters`,
        name,
        'parameter_invalid_string',
      );
    }
    return value;
  };
}

export const text = textUpTo(MAX_STRING);

const MAX_STATEMENT = 22;

/** Instead of a prefix and a suffix, and on the statement of a bank. */
export const statement = textUpTo(MAX_STATEMENT);

/** What a card statement shows behind the merchant's prefix. Stripe's words for a breach are not known literally. */
export const statementSuffix: Parser<string> = (value, name) => {
  const given = textUpTo(MAX_STATEMENT)(value, name);
  if (!/^[ -~À-ÖØ-öø-ɏ]+$/.test(given) || /[<>\\'"*]/.test(given)) {
    throw malformed(`The ${name} must have only Latin characters, and none of < > \\ ' " *.`, name);
  }
  if (!/[A-Za-zÀ-ÖØ-öø-ɏ]/.test(given))
    throw malformed(`The ${name} must contain at least one letter.`, name);
  return given;
};

/** Evidence: as much as Stripe takes in one field. */
export const longText = textUpTo(MAX_LONG_STRING);

/** Of any scheme: an app's own is as good to return to as a page. */
export const absoluteUrl: Parser<string> = (value, name) => {
  const given = text(value, name);
  if (URL.canParse(given)) return given;
  throw malformed('Not a valid URL', name, 'url_invalid');
};

/** An empty value unsets the field. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;

const MAX_EMAIL = 512;

export const email: Parser<string> = (value, name) => {
  const given = textUpTo(MAX_EMAIL)(value, name);
  if (EMAIL.test(given)) return given;
  throw malformed(`Invalid email address: ${given}`, name, 'email_invalid');
};

export function clearable<T>(parse: Parser<T>): Parser<T | null> {
  return (value, name) => (value === '' ? null : parse(value, name));
}

export const integer: Parser<number> = (value, name) => {
  notEmpty(value, name);
  if (typeof value !== 'string' || !/^-?\d+$/.test(value) || !Number.isSafeInteger(Number(value))) {
    throw malformed(
      `Invalid integer: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      name,
      'parameter_invalid_integer',
    );
  }
  return Number(value);
};

export function atLeast(minimum: number): Parser<number> {
  return (value, name) => {
    const number = integer(value, name);
    if (number < minimum) {
      throw malformed(
        `This value must be greater than or equal to ${minimum}.`,
        name,
        'parameter_invalid_integer',
      );
    }
    return number;
  };
}

export const boolean: Parser<boolean> = (value, name) => {
  // The wire has no booleans; Stripe takes Python's spelling too, as its libraries send it.
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word !== 'true' && word !== 'false') throw malformed(`Invalid boolean: ${String(value)}`, name);
  return word === 'true';
};

export function oneOf<const T extends string>(...allowed: T[]): Parser<T> {
  return (value, name) => {
    notEmpty(value, name);
    const found = allowed.find((choice) => choice === value);
    if (found !== undefined) return found;
    const last = allowed.at(-1);
    const list = allowed.length > 1 ? `${allowed.slice(0, -1).join(', ')}, or ${last}` : last;
    throw malformed(`Invalid ${name}: must be one of ${list}`, name);
  };
}

export const currency: Parser<string> = (value, name) => {
  const code = text(value, name).toLowerCase();
  if (!isCurrency(code)) {
    throw malformed(
      `Invalid currency: ${code}. Stripe currently supports these currencies: ${supportedCurrencies.join(', ')}`,
      name,
    );
  }
  return code;
};

export function list<T>(item: Parser<T>): Parser<T[]> {
  return (value, name) => {
    const items = isHash(value) ? Object.values(value) : value;
    if (!Array.isArray(items)) throw malformed('Invalid array', name);
    return items.map((one, i) => item(one, `${name}[${i}]`));
  };
}

function isHash(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A hash with these fields and no others. */
export function hash<S extends Shape>(shape: S): Parser<Parsed<S>> {
  return (value, name) => {
    if (!isHash(value)) throw malformed('Invalid hash', name);
    return parseShape(shape, value, (key) => `${name}[${key}]`);
  };
}

/** Known to Stripe, kept as it came or left alone by the sandbox: only its presence is accepted. */
export const anything: Parser<unknown> = (value) => value;

export const anyHash: Parser<Record<string, unknown>> = (value, name) => {
  if (!isHash(value)) throw malformed('Invalid hash', name);
  return value;
};

export function either<A, B>(
  test: (value: unknown) => boolean,
  first: Parser<A>,
  second: Parser<B>,
): Parser<A | B> {
  return (value, name) => (test(value) ? first(value, name) : second(value, name));
}

export const isText = (value: unknown): boolean => typeof value === 'string';

const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY = 40;
const MAX_METADATA_VALUE = 500;

/** Changes to metadata: an empty value removes its key, an empty hash removes all (null). */
export const metadata: Parser<Record<string, string> | null> = (value, name) => {
  if (value === '') return null;
  if (!isHash(value)) throw malformed('Invalid hash', name);
  const entries = Object.entries(value);
  if (entries.length > MAX_METADATA_KEYS) throw tooManyKeys(name);
  for (const [key, item] of entries) {
    if (typeof item !== 'string')
      throw malformed(
        `Metadata values must be strings, but the value for '${key}' is not.`,
        `${name}[${key}]`,
      );
    const [keyLength, length] = [characterCount(key), characterCount(item)];
    if (keyLength > MAX_METADATA_KEY)
      throw malformed(
        `Metadata keys can have up to ${MAX_METADATA_KEY} characters, but you passed in a key that is ${keyLength} characters. Invalid key: ${key}`,
        `${name}[${key}]`,
      );
    if (length > MAX_METADATA_VALUE)
      throw malformed(
        `Metadata values can have up to ${MAX_METADATA_VALUE} characters, but you passed in a value that is ${length} characters. Invalid value: ${item}`,
        `${name}[${key}]`,
      );
  }
  return value as Record<string, string>;
};

export function mergeMetadata(
  current: Record<string, string>,
  change: Record<string, string> | null | undefined,
): Record<string, string> {
  if (change === undefined) return current;
  if (change === null) return {};
  const merged = Object.entries({ ...current, ...change }).filter(([, value]) => value !== '');
  if (merged.length > MAX_METADATA_KEYS) throw tooManyKeys('metadata');
  return Object.fromEntries(merged);
}

function tooManyKeys(name: string): Error {
  return malformed(`You can have up to ${MAX_METADATA_KEYS} keys in metadata.`, name);
}

/** An emoji is one. */
function characterCount(text: string): number {
  return [...text].length;
}

export function parseShape<S extends Shape>(
  shape: S,
  values: Record<string, unknown>,
  nameOf: (key: string) => string,
): Parsed<S> {
  const unknown = Object.keys(values).filter((key) => !Object.hasOwn(shape, key));
  if (unknown.length > 0) {
    const names = unknown.map(nameOf);
    throw malformed(
      `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`,
      names[0],
      'parameter_unknown',
    );
  }
  const parsed: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(shape)) {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value !== undefined) parsed[key] = field.parse(value, nameOf(key));
    else if (field.required) {
      throw malformed(`Missing required param: ${nameOf(key)}.`, nameOf(key), 'parameter_missing');
    }
  }
  return parsed as Parsed<S>;
}
