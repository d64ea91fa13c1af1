import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { payoutWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { payoutNotices, stripePayoutOf } from '../../domain/payouts/payout.ts';
import {
  ATTENTION_CODE,
  delayedSince,
  describeAttention,
  describeNotices,
  describePending,
  NEEDS_ATTENTION,
  PAYOUT_STATUS,
  PENDING_SINCE,
} from '../visibility.ts';

/** Shows the payout in Temporal's UI, and in the lists by status and by attention. */
export function createPayoutShow(): (payout: Payout) => void {
  let shown = '';
  return (payout) => {
    const { terms, state, pending, attention } = payout;
    const lines = [
      `**${state.status}** · ${formatMoney(terms)} of \`${terms.connectedAccount}\` → \`${terms.destination ?? 'its default'}\``,
      `Payout \`${stripePayoutOf(payout)?.id ?? '–'}\``,
      ...describePending(pending),
      ...(attention ? describeAttention(attention, payoutWorkflowId(terms.id)) : []),
      ...describeNotices(payoutNotices(payout), payoutWorkflowId(terms.id)),
    ];
    setCurrentDetails(lines.join('\n\n'));
    const code = attention?.code ?? payoutNotices(payout)[0]?.code ?? null;
    const pendingSince = delayedSince(pending);
    const facts = `${state.status} ${code} ${pendingSince?.toISOString()}`;
    if (facts === shown) return;
    shown = facts;
    upsertSearchAttributes([
      { key: PAYOUT_STATUS, value: state.status },
      { key: NEEDS_ATTENTION, value: code !== null },
      { key: ATTENTION_CODE, value: code },
      { key: PENDING_SINCE, value: pendingSince },
    ]);
  };
}
