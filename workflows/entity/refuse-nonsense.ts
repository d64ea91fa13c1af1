import { ApplicationFailure } from '@temporalio/workflow';
import type { InputShape } from '../../domain/commands/workflow-input.ts';
import { firstWrongField } from '../../domain/commands/workflow-input.ts';
import { COMMAND_REFUSED, problem } from '../../domain/errors.ts';

/**
 * Fails a workflow that was started by hand with a bad input. An ordinary exception would fail its workflow task,
 * which the server retries indefinitely.
 */
export function refuseNonsense(input: unknown, shape: InputShape): void {
  const field = firstWrongField(input, shape);
  if (field === null) return;
  const why = `The input of this workflow makes no sense: ${field} is missing or of another type.`;
  const refusal = problem('invalid_request', why, { param: field });
  throw ApplicationFailure.nonRetryable(why, COMMAND_REFUSED, refusal);
}
