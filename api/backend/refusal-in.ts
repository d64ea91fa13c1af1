import type { Problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { faultOf } from '../../temporal/faults.ts';

/** Why a request was refused, by the API's own code or by a workflow; null: it failed otherwise. */
export function refusalIn(error: unknown): Problem | null {
  if (error instanceof ProblemError) return error.problem;
  const fault = faultOf(error);
  return fault?.type === 'rejected' ? fault.problem : null;
}
