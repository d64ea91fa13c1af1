import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { orderWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import { currentDispute } from '../../domain/orders/dispute.ts';
import { openNotices } from '../../domain/orders/notices.ts';
import type { Order } from '../../domain/orders/order.ts';
import { orderStatus, paymentIntentOf } from '../../domain/orders/order.ts';
import { dateOf } from '../shared/time.ts';
import {
  ATTENTION_CODE,
  CAPTURE_BEFORE,
  DISPUTE_STATUS,
  delayedSince,
  describeAttention,
  describeNotices,
  describePending,
  NEEDS_ATTENTION,
  ORDER_STATUS,
  PAYMENT_INTENT,
  PENDING_SINCE,
} from '../visibility.ts';

/**
 * Shows the order where operators look: search attributes for lists, current details for Temporal's UI. Costs an
 * event only when something that can be searched for has changed.
 */
export function upsertOrderSearchAttributes(): (order: Order) => void {
  let shown = '';
  return (order) => {
    const facts = {
      status: orderStatus(order),
      attention: order.attention?.code ?? openNotices(order.notices)[0]?.code ?? null,
      paymentIntent: paymentIntentOf(order),
      captureBefore: order.payment.status === 'authorized' ? order.payment.captureBefore : null,
      dispute: currentDispute(order.disputes)?.status ?? null,
      pendingSince: delayedSince(order.pending),
    };
    setCurrentDetails(describe(order));
    if (JSON.stringify(facts) === shown) return;
    shown = JSON.stringify(facts);
    upsertSearchAttributes([
      { key: ORDER_STATUS, value: facts.status },
      { key: NEEDS_ATTENTION, value: facts.attention !== null },
      { key: ATTENTION_CODE, value: facts.attention },
      { key: PAYMENT_INTENT, value: facts.paymentIntent },
      { key: CAPTURE_BEFORE, value: facts.captureBefore === null ? null : dateOf(facts.captureBefore) },
      { key: PENDING_SINCE, value: facts.pendingSince },
      ...(facts.dispute === null ? [] : [{ key: DISPUTE_STATUS, value: facts.dispute }]),
    ]);
  };
}

/** Markdown for Temporal's UI: where the order stands and, if it is stuck, what an operator can do. */
function describe(order: Order): string {
  const { terms, pending, attention, notices } = order;
  return [
    `**${orderStatus(order)}** · ${formatMoney(terms)} → \`${terms.connectedAccount}\``,
    `PaymentIntent \`${paymentIntentOf(order) ?? '–'}\``,
    ...describePending(pending),
    ...(attention ? describeAttention(attention, orderWorkflowId(terms.id)) : []),
    ...describeNotices(openNotices(notices), orderWorkflowId(terms.id)),
  ].join('\n\n');
}
