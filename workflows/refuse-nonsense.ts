import { ApplicationFailure } from '@temporalio/workflow';
import { COMMAND_REFUSED, problem } from '../domain/errors.ts';
import type { InputShape } from '../domain/workflow-input.ts';
import { firstWrongField } from '../domain/workflow-input.ts';

/**
 * Ends a workflow that was started by hand with an input that makes no sense. An exception would fail its workflow task, and the
 * server would repeat that without end.
 */
export function refuseNonsense(input: unknown, shape: InputShape): void {
  const field = firstWrongField(input, shape);
  if (field === null) return;
  const why = `The input of this workflow makes no sense: ${field} is missing or of another type.`;
  const refusal = problem('invalid_request', why, { param: field });
  throw ApplicationFailure.nonRetryable(why, COMMAND_REFUSED, refusal);
}
