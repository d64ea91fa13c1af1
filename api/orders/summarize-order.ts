import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import type { OrderSummary } from '../../domain/orders/order-summary.ts';
import { presentNeed } from '../../domain/orders/present-need.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import { indexedText } from '../backend/list-page.ts';
import type { Row } from '../backend/visibility.ts';
import type { OrderSummaryResource } from './order-schema.ts';

/** An order as Temporal indexed it; null: its workflow has not shown itself. */
export function summarizeOrder(id: string, row: Row): OrderSummaryResource | null {
  const {
    AmountCaptured: captured,
    AmountRefunded: refunded,
    CaptureBefore: deadline,
  } = row.searchAttributes;
  const summary = row.memo.summary as OrderSummary | undefined;
  const status = ORDER_STATUSES.find((known) => known === row.searchAttributes.OrderStatus);
  const connectedAccount = indexedText(row, 'ConnectedAccount');
  if (!summary || !status || connectedAccount === null) return null;
  return {
    id,
    object: 'order',
    status,
    amount: summary.amount,
    currency: summary.currency,
    amount_captured: typeof captured === 'number' ? captured : 0,
    amount_refunded: typeof refunded === 'number' ? refunded : 0,
    customer: indexedText(row, 'Customer'),
    connected_account: connectedAccount,
    payment_intent: indexedText(row, 'PaymentIntent'),
    capture_before: deadline instanceof Date ? deadline.toISOString() : null,
    description: summary.description ?? null,
    needs_attention: presentNeed(summary.need ?? null),
    metadata: { ...summary.metadata },
    created: rfc3339(summary.createdAt ?? row.startedAt),
    livemode: summary.livemode,
  };
}
