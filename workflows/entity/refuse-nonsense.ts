import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
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
  refuse(`The input of this workflow makes no sense: ${field} is missing or of another type.`, field);
}

/**
 * Fails a workflow that was started by hand for what another one carries, as by "Start Workflow Like This One" in Temporal's UI: with the
 * same idempotency keys both would follow one payment. `owner`: the id of the workflow whose input this is; `param`: the field that says so.
 */
export function refuseCopy(owner: string, param: string): void {
  const { workflowId } = workflowInfo();
  if (workflowId === owner) return;
  refuse(
    `This input is that of the workflow ${owner}, and this one is ${workflowId}: nothing was asked of Stripe.`,
    param,
  );
}

function refuse(why: string, param: string): never {
  const refusal = problem('invalid_request', why, { param });
  throw ApplicationFailure.nonRetryable(why, COMMAND_REFUSED, refusal);
}
