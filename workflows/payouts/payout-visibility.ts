import { payoutWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { payoutNotices, stripePayoutOf } from '../../domain/payouts/payout.ts';
import type { View } from '../entity/show.ts';
import { PAYOUT_STATUS } from '../visibility.ts';

export function viewOfPayout(payout: Payout): View {
  const { terms, state, pending, attention } = payout;
  return {
    workflowId: payoutWorkflowId(terms.id),
    lines: [
      `**${state.status}** · ${formatMoney(terms)} of \`${terms.connectedAccount}\` → \`${terms.destination ?? 'its default'}\``,
      `Payout \`${stripePayoutOf(payout)?.id ?? '–'}\``,
    ],
    attributes: [{ key: PAYOUT_STATUS, value: state.status }],
    pending,
    attention,
    notices: payoutNotices(payout),
  };
}
