import { formatMoney } from '../domain/money/money.ts';
import { newPayout } from '../domain/payouts/payout.ts';
import { payoutSummary } from '../domain/payouts/payout-summary.ts';
import type { PayoutInput } from './payouts.ts';
import { PAYOUT_WORKFLOW } from './payouts.ts';
import { CONNECTED_ACCOUNT, NEEDS_ATTENTION, PAYOUT_STATUS } from './search-attribute-keys.ts';

/** How every payout's workflow is started. */
export function payoutBeginning(input: PayoutInput, taskQueue: string) {
  const { terms, livemode } = input;
  return {
    workflowType: PAYOUT_WORKFLOW,
    taskQueue,
    input,
    // What a payout is found by from its first moment; given at the start, they cost no history event.
    searchAttributes: [
      { key: PAYOUT_STATUS, value: 'creating' },
      { key: NEEDS_ATTENTION, value: false },
      { key: CONNECTED_ACCOUNT, value: terms.connectedAccount },
    ],
    // What a list shows of it: likewise.
    memo: { summary: payoutSummary(newPayout(terms, 0, livemode), 0) },
    details: `Payout of ${formatMoney(terms)} from the balance of ${terms.connectedAccount}`,
    // Accounts take turns at the workers.
    priority: { fairnessKey: terms.connectedAccount },
    summary: `${formatMoney(terms)} of ${terms.connectedAccount} → ${terms.destination ?? 'its bank'}`,
  };
}
