import type { SearchAttributePair } from '@temporalio/common';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { PayoutInput } from '../../contract/payouts.ts';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.ts';

const needsAttention = defineSearchAttributeKey('NeedsAttention', SEARCH_ATTRIBUTES.NeedsAttention);
const connectedAccount = defineSearchAttributeKey('ConnectedAccount', SEARCH_ATTRIBUTES.ConnectedAccount);
const payoutStatus = defineSearchAttributeKey('PayoutStatus', SEARCH_ATTRIBUTES.PayoutStatus);

/** What it is found by from its first moment; given at the start, they cost no history event. */
export function payoutSearchAttributes({ terms }: PayoutInput): SearchAttributePair[] {
  return [
    { key: payoutStatus, value: 'creating' },
    { key: needsAttention, value: false },
    { key: connectedAccount, value: terms.connectedAccount },
  ];
}
