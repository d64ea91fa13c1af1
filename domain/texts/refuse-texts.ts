import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { hasCardNumber } from './card-numbers.ts';
import { refusalOfText } from './texts.ts';

type Path = readonly PropertyKey[];
type Rule = (text: string, path: Path) => string | null;

/** Far more than any body has; a walk without end would exhaust the stack. */
const DEPTH_MAX = 20;

/** Fields for numbers of another kind, which may look like a card's. */
const OTHER_NUMBERS: ReadonlySet<PropertyKey> = new Set([
  'account_number',
  'routing_number',
  'id_number',
  'tax_id',
  'vat_id',
  'registration_number',
  'phone',
  'support_phone',
]);

/** The first of a request's texts, names of fields included, that is malformed. The refusal repeats none of them. */
export function refusalOfMalformed(value: unknown): Problem | null {
  return firstRefusal(value, [], refusalOfText);
}

/** The same of texts that contain a card number. */
export function refusalOfCardNumbers(value: unknown): Problem | null {
  return firstRefusal(value, [], (text, path) =>
    !isForOtherNumbers(path) && hasCardNumber(text)
      ? 'must not contain a card number: card data goes to Stripe, as a token'
      : null,
  );
}

function isForOtherNumbers(path: Path): boolean {
  return path[0] !== 'metadata' && OTHER_NUMBERS.has(path.at(-1) ?? '');
}

function firstRefusal(value: unknown, path: Path, rule: Rule): Problem | null {
  if (typeof value === 'string') return refused(path, rule(value, path));
  if (typeof value !== 'object' || value === null) return null;
  if (path.length > DEPTH_MAX) return refused(path.slice(0, 1), 'is nested too deeply');
  for (const [key, item] of Object.entries(value)) {
    const wrongName = rule(key, path);
    const refusal =
      wrongName === null
        ? firstRefusal(item, [...path, key], rule)
        : refused(path, `has a field whose name ${wrongName}`);
    if (refusal !== null) return refusal;
  }
  return null;
}

function refused(path: Path, why: string | null): Problem | null {
  if (why === null) return null;
  if (path.length === 0) return problem('invalid_request', `The body ${why}.`);
  const param = paramOf(path);
  return problem('invalid_request', `${param} ${why}.`, { param });
}

/** How Stripe writes the way to a field: `metadata[foo]`. */
export function paramOf([first, ...rest]: readonly PropertyKey[]): string {
  return `${String(first)}${rest.map((part) => `[${String(part)}]`).join('')}`;
}
