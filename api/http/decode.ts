import type { z } from 'zod';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { paramOf } from './param.ts';
import { refusalOfCardNumbers, refusalOfMalformed } from './refuse-texts.ts';

/** The parsed value, or a 400 that names the first offending field the way Stripe does: `metadata[foo]`. */
export function decode<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const malformed = refusalOfMalformed(value);
  if (malformed !== null) throw new ProblemError(malformed);
  const parsed = schema.safeParse(value, { error: phrase });
  if (parsed.success) {
    const refusal = refusalOfCardNumbers(value);
    if (refusal !== null) throw new ProblemError(refusal);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  if (!issue) throw new Error('zod refused a value without saying why');
  throw new ProblemError(problemOf(issue));
}

function problemOf(issue: z.core.$ZodIssue) {
  if (issue.code === 'unrecognized_keys') {
    const param = paramOf([...issue.path, issue.keys[0] ?? '']);
    return problem('invalid_request', `Unknown field: ${param}.`, { param });
  }
  if (issue.path.length === 0) return problem('invalid_request', `The body ${issue.message}.`);
  const param = paramOf(issue.path);
  const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message;
  return problem('invalid_request', `${param} ${message}.`, { param });
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
  return expected === 'int' ? 'integer' : expected;
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
