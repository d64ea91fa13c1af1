import { presentNeed } from '../../domain/orders/present-need.ts';
import type { PayoutSummary } from '../../domain/payouts/payout-summary.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import { indexedText } from '../backend/list-page.ts';
import type { Row } from '../backend/visibility.ts';
import type { PayoutSummaryResource } from './payout-schema.ts';
import { PAYOUT_STATUSES } from './payout-schema.ts';

/** A payout as Temporal indexed it; null: its workflow has not shown itself. */
export function summarizePayout(id: string, row: Row): PayoutSummaryResource | null {
  const summary = row.memo.summary as PayoutSummary | undefined;
  const status = PAYOUT_STATUSES.find((known) => known === row.searchAttributes.PayoutStatus);
  const connectedAccount = indexedText(row, 'ConnectedAccount');
  if (!summary || !status || connectedAccount === null) return null;
  return {
    id,
    object: 'payout',
    status,
    connected_account: connectedAccount,
    amount: summary.amount,
    currency: summary.currency,
    method: summary.method,
    automatic: false,
    description: summary.description ?? null,
    needs_attention: presentNeed(summary.need ?? null),
    metadata: { ...summary.metadata },
    created: rfc3339(summary.createdAt ?? row.startedAt),
    livemode: summary.livemode,
  };
}
