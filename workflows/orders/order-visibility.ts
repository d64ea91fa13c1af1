import type { OrderPolicy } from '../../contract/orders.ts';
import {
  AMOUNT,
  AMOUNT_CAPTURED,
  AMOUNT_REFUNDED,
  CAPTURE_BEFORE,
  CONNECTED_ACCOUNT,
  CURRENCY,
  CUSTOMER,
  DISPUTE_STATUS,
  METADATA_DIGESTS,
  ORDER_STATUS,
  PAYMENT_INTENT,
} from '../../contract/search-attribute-keys.ts';
import { formatMoney } from '../../domain/money/money.ts';
import { currentDispute } from '../../domain/orders/dispute.ts';
import { fundsOf } from '../../domain/orders/funds.ts';
import { metadataDigests } from '../../domain/orders/metadata.ts';
import type { Order } from '../../domain/orders/order.ts';
import {
  amountCaptured,
  amountRefunded,
  captureDeadline,
  orderStatus,
  paymentIntentOf,
} from '../../domain/orders/order.ts';
import { orderSummary } from '../../domain/orders/order-summary.ts';
import type { View } from '../entity/show.ts';
import { dateOf } from '../shared/time.ts';
import { firstRunStartedAt } from '../shared/upsert-changed.ts';

export function viewOfOrder(order: Order, { metadataKey }: Pick<OrderPolicy, 'metadataKey'>): View {
  const { terms } = order;
  const digests = metadataDigests(terms.metadata, metadataKey);
  const status = orderStatus(order);
  const paymentIntent = paymentIntentOf(order);
  const captureBefore = captureDeadline(order);
  const dispute = currentDispute(order.disputes)?.status ?? null;
  return {
    lines: [`**${status}** · ${formatMoney(terms)} → \`${terms.connectedAccount}\``, whereTheMoneyIs(order)],
    attributes: [
      { key: ORDER_STATUS, value: status },
      // Set at the start, unless the order was started by hand.
      { key: CONNECTED_ACCOUNT, value: terms.connectedAccount },
      { key: AMOUNT, value: terms.amount },
      { key: CURRENCY, value: terms.currency },
      { key: CUSTOMER, value: terms.source.customer },
      { key: PAYMENT_INTENT, value: paymentIntent },
      { key: METADATA_DIGESTS, value: digests.length === 0 ? null : digests },
      { key: CAPTURE_BEFORE, value: captureBefore === null ? null : dateOf(captureBefore) },
      // Absent means 0, which saves most orders both attributes.
      { key: AMOUNT_CAPTURED, value: amountCaptured(order) || null },
      { key: AMOUNT_REFUNDED, value: amountRefunded(order) || null },
      ...(dispute === null ? [] : [{ key: DISPUTE_STATUS, value: dispute }]),
    ],
    summary: orderSummary(order, firstRunStartedAt()),
  };
}

function whereTheMoneyIs(order: Order): string {
  const { payment, terms } = order;
  const inOrder = (amount: number) => formatMoney({ amount, currency: terms.currency });
  if (payment.status === 'authorized')
    return `Authorized ${inOrder(payment.amountCapturable)}, captured ${inOrder(payment.amountCaptured)}`;
  if (payment.status !== 'captured') return 'Nothing captured';
  const { connected } = fundsOf(order);
  const net = Object.entries(connected ?? {}).map(([currency, amount]) => formatMoney({ amount, currency }));
  return [
    `Captured ${inOrder(payment.amountCaptured)}`,
    `refunded ${inOrder(amountRefunded(order))}`,
    `connected net ${connected === null ? 'not known yet' : net.join(' + ') || inOrder(0)}`,
  ].join(' · ');
}
