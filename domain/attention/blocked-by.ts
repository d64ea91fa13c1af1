import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import type { Attention } from './attention.ts';

/** Why no other command is taken while an operation is stuck. */
export function blockedBy({ operation, code, allowedActions }: Attention): Problem {
  const first = `Resolve it first: ${allowedActions.join(', ')}.`;
  return problem('needs_attention', `The ${operation} is stuck (${code}). ${first}`);
}
