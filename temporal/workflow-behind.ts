import { QueryNotRegisteredError } from '@temporalio/client';

const WHY = 'This workflow has events that no workflow task has brought it yet. Ask again in a moment.';

/** A workflow cannot be asked before its next task: answering would have it act on what only that task may bring. */
export class WorkflowBehind extends Error {
  override readonly name = 'WorkflowBehind';

  constructor() {
    super(WHY);
  }
}

/** Also as it arrives where the workflow was asked: the SDK's client has one error for all that a worker answers with a failure. */
export function isBehind(error: unknown): boolean {
  if (error instanceof WorkflowBehind) return true;
  return error instanceof QueryNotRegisteredError && error.message.includes(WHY);
}
