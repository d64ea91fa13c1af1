import { orderWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import { currentDispute } from '../../domain/orders/dispute.ts';
import { openNotices } from '../../domain/orders/notices.ts';
import type { Order } from '../../domain/orders/order.ts';
import { orderStatus, paymentIntentOf } from '../../domain/orders/order.ts';
import type { View } from '../entity/show.ts';
import { dateOf } from '../shared/time.ts';
import { CAPTURE_BEFORE, DISPUTE_STATUS, ORDER_STATUS, PAYMENT_INTENT } from '../visibility.ts';

export function viewOfOrder(order: Order): View {
  const { terms, payment, pending, attention, notices } = order;
  const status = orderStatus(order);
  const paymentIntent = paymentIntentOf(order);
  const captureBefore = payment.status === 'authorized' ? payment.captureBefore : null;
  const dispute = currentDispute(order.disputes)?.status ?? null;
  return {
    workflowId: orderWorkflowId(terms.id),
    lines: [
      `**${status}** · ${formatMoney(terms)} → \`${terms.connectedAccount}\``,
      `PaymentIntent \`${paymentIntent ?? '–'}\``,
    ],
    attributes: [
      { key: ORDER_STATUS, value: status },
      { key: PAYMENT_INTENT, value: paymentIntent },
      { key: CAPTURE_BEFORE, value: captureBefore === null ? null : dateOf(captureBefore) },
      ...(dispute === null ? [] : [{ key: DISPUTE_STATUS, value: dispute }]),
    ],
    pending,
    attention,
    notices: openNotices(notices),
  };
}
