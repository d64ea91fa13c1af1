import { defineSearchAttributeKey } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

const needsAttention = defineSearchAttributeKey('NeedsAttention', SEARCH_ATTRIBUTES.NeedsAttention);
const accountStatus = defineSearchAttributeKey('AccountStatus', SEARCH_ATTRIBUTES.AccountStatus);

/** What an account's workflow is found by from its first moment; given at the start, it costs no history event. */
export function accountSearchAttributes() {
  return [
    { key: needsAttention, value: false },
    { key: accountStatus, value: 'onboarding' },
  ];
}
