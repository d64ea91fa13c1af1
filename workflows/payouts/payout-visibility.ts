import { CONNECTED_ACCOUNT, PAYOUT_STATUS } from '../../contract/search-attribute-keys.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { stripePayoutOf } from '../../domain/payouts/payout.ts';
import { payoutSummary } from '../../domain/payouts/payout-summary.ts';
import type { View } from '../entity/show.ts';
import { firstRunStartedAt } from '../shared/upsert-changed.ts';

export function viewOfPayout(payout: Payout): View {
  const { terms, state } = payout;
  return {
    lines: [
      `**${state.status}** · ${formatMoney(terms)} of \`${terms.connectedAccount}\` → \`${terms.destination ?? 'its default'}\``,
      `Payout \`${stripePayoutOf(payout)?.id ?? '–'}\``,
    ],
    attributes: [
      { key: PAYOUT_STATUS, value: state.status },
      { key: CONNECTED_ACCOUNT, value: terms.connectedAccount },
    ],
    summary: payoutSummary(payout, firstRunStartedAt()),
  };
}
