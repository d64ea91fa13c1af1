import { defineSearchAttributeKey } from '@temporalio/common';
import type { AccountInput } from './accounts.ts';
import { ACCOUNT_WORKFLOW } from './accounts.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

const needsAttention = defineSearchAttributeKey('NeedsAttention', SEARCH_ATTRIBUTES.NeedsAttention);
const accountStatus = defineSearchAttributeKey('AccountStatus', SEARCH_ATTRIBUTES.AccountStatus);

/** How every account's workflow is started, whatever its first command is. */
export function accountBeginning(input: AccountInput, taskQueue: string) {
  return {
    workflowType: ACCOUNT_WORKFLOW,
    taskQueue,
    input,
    // What an account is found by from its first moment; given at the start, they cost no history event.
    searchAttributes: [
      { key: needsAttention, value: false },
      { key: accountStatus, value: 'onboarding' },
    ],
    summary: `${input.origin.kind} ${input.reference}`,
    details: `Connected account of reference ${input.reference}: ${input.origin.kind}`,
  };
}
