import { defineSearchAttributeKey } from '@temporalio/common';
import { formatMoney } from '../domain/money/money.ts';
import { newPayout } from '../domain/payouts/payout.ts';
import { payoutSummary } from '../domain/payouts/payout-summary.ts';
import type { PayoutInput } from './payouts.ts';
import { PAYOUT_WORKFLOW } from './payouts.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

const needsAttention = defineSearchAttributeKey('NeedsAttention', SEARCH_ATTRIBUTES.NeedsAttention);
const connectedAccount = defineSearchAttributeKey('ConnectedAccount', SEARCH_ATTRIBUTES.ConnectedAccount);
const payoutStatus = defineSearchAttributeKey('PayoutStatus', SEARCH_ATTRIBUTES.PayoutStatus);

/** How every payout's workflow is started. */
export function payoutBeginning(input: PayoutInput, taskQueue: string) {
  const { terms, livemode } = input;
  return {
    workflowType: PAYOUT_WORKFLOW,
    taskQueue,
    input,
    // What a payout is found by from its first moment; given at the start, they cost no history event.
    searchAttributes: [
      { key: payoutStatus, value: 'creating' },
      { key: needsAttention, value: false },
      { key: connectedAccount, value: terms.connectedAccount },
    ],
    // What a list shows of it: likewise.
    memo: { summary: payoutSummary(newPayout(terms, 0, livemode), 0) },
    details: `Payout of ${formatMoney(terms)} from the balance of ${terms.connectedAccount}`,
    // Accounts take turns at the workers.
    priority: { fairnessKey: terms.connectedAccount },
    summary: `${formatMoney(terms)} of ${terms.connectedAccount} → ${terms.destination ?? 'its bank'}`,
  };
}
