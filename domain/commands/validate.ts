import type { z } from 'zod';
import type { FieldError, Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { paramOf, refusalOfCardNumbers, refusalOfMalformed } from '../texts/refuse-texts.ts';

/** What came in, or what is wrong with it. */
export type Validated<Value> =
  | { readonly value: Value; readonly refusal: null }
  | { readonly value: null; readonly refusal: Problem };

/** The parsed value, or a refusal that names every offending field the way Stripe does: `metadata[foo]`. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): Validated<z.output<Schema>> {
  const malformed = refusalOfMalformed(value);
  if (malformed !== null) return { value: null, refusal: malformed };
  const parsed = schema.safeParse(value, { error: phrase });
  if (!parsed.success) return { value: null, refusal: problemOf(parsed.error.issues) };
  const refusal = refusalOfCardNumbers(value);
  return refusal === null ? { value: parsed.data, refusal } : { value: null, refusal };
}

function problemOf(issues: readonly z.core.$ZodIssue[]) {
  const whole = issues.find((issue) => issue.code !== 'unrecognized_keys' && issue.path.length === 0);
  const errors = issues.flatMap(fieldErrors);
  const [first] = errors;
  if (!first) return problem('invalid_request', `The body ${whole?.message}.`);
  return problem('invalid_request', first.detail, { param: first.param, errors });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const param = paramOf([...issue.path, key]);
      return { param, detail: `Unknown field: ${param}.` };
    });
  }
  if (issue.path.length === 0) return [];
  const param = paramOf(issue.path);
  const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
  return [{ param, detail: `${param} ${message}.` }];
}

/** What is wrong, as a sentence without its subject, where the schema itself has none. */
function phrase(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${withArticle(nameOf(issue.expected))}, not ${kindOf(issue.input)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? `must not be empty` : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function nameOf(expected: string): string {
  // As JSON calls them.
  if (expected === 'int') return 'integer';
  return expected === 'record' ? 'object' : expected;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isFinite(value) ? kindOfNumber(value) : 'one that large';
  return Array.isArray(value) ? 'an array' : withArticle(typeof value);
}

function kindOfNumber(value: number): string {
  return Number.isInteger(value) ? 'a number' : 'a fraction';
}

function withArticle(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
