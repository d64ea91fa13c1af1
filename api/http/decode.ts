import type { z } from 'zod';
import { validate } from '../../domain/commands/validate.ts';
import { ProblemError } from '../../domain/problem-error.ts';

/** The parsed value, or a 400 that names every offending field. */
export function decode<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const { value: parsed, refusal } = validate(schema, value);
  if (refusal) throw new ProblemError(refusal);
  return parsed;
}
