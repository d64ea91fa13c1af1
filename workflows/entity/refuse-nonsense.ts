import { ApplicationFailure } from '@temporalio/workflow';
import type { InputShape } from '../../domain/commands/workflow-input.ts';
import { firstWrongField } from '../../domain/commands/workflow-input.ts';
import { COMMAND_REFUSED, problem } from '../../domain/errors.ts';

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
