/**
 * The rule for every text that comes in. Half a surrogate pair cannot be sent on: form encoding throws, and gRPC and
 * strict JSON parsers refuse it. A card number must never be stored.
 */

const HALF_A_PAIR = /\p{Surrogate}/u;
const HALVES = new RegExp(HALF_A_PAIR, 'gu');
/** All but tab and line breaks: databases cut texts at NUL, and terminals obey the others. */
const CONTROL = /[^\P{Control}\t\n\r]/u;
/** They let a text read as another one in a dashboard. */
const DIRECTION_OVERRIDE = /[\u202d\u202e]/;

/** What is wrong with a text, as a sentence without its subject; null if it can be taken. */
export function refusalOfText(text: string): string | null {
  if (HALF_A_PAIR.test(text)) return 'must be well-formed Unicode: it has half of a surrogate pair';
  if (CONTROL.test(text)) return 'must have no control characters but tab and line breaks';
  if (DIRECTION_OVERRIDE.test(text)) return 'must have no characters that override the direction of text';
  return null;
}

/** Characters as people, Stripe and JSON Schema count them: an emoji is one. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The same value, each half of a surrogate pair in its texts replaced: for answers that cannot be refused. */
export function wellFormed<T>(value: T): T {
  return isWellFormed(value) ? value : (replaced(value) as T);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return !HALF_A_PAIR.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  return Object.entries(value).every(([key, item]) => isWellFormed(key) && isWellFormed(item));
}

function replaced(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(HALVES, '\ufffd');
  if (Array.isArray(value)) return value.map(replaced);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [replaced(key), replaced(item)]));
}
