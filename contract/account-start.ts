import type { AccountInput } from './accounts.ts';
import { ACCOUNT_WORKFLOW } from './accounts.ts';
import { ACCOUNT_STATUS, NEEDS_ATTENTION } from './search-attribute-keys.ts';

/** How every account's workflow is started, whatever its first command is. */
export function accountBeginning(input: AccountInput, taskQueue: string) {
  return {
    workflowType: ACCOUNT_WORKFLOW,
    taskQueue,
    input,
    // What an account is found by from its first moment; given at the start, they cost no history event.
    searchAttributes: [
      { key: NEEDS_ATTENTION, value: false },
      { key: ACCOUNT_STATUS, value: 'onboarding' },
    ],
    summary: `${input.origin.kind} ${input.reference}`,
    details: `Connected account of reference ${input.reference}: ${input.origin.kind}`,
  };
}
