import type { Due } from '../attention/notice.ts';
import { formatMoney } from '../money/money.ts';
import type { Dispute } from './dispute.ts';
import { amountLost, isInquiry, needsResponse } from './dispute.ts';
import type { Order } from './order.ts';
import { amountCaptured, amountRefundable, amountRefunded } from './order.ts';

/** Where the customer's bank may take the payment back, asks about it, or has given the customer more than that. */
export function disputeNotices(order: Order): readonly Due[] {
  return [...ofFraudWarning(order), ...ofOpen(order), ...ofGivenBackTwice(order)];
}

/** Once there is a dispute, or nothing is left to give back, it is too late or done. */
function ofFraudWarning(order: Order): Due[] {
  const { reportedAsFraud, payment, disputes } = order;
  if (!reportedAsFraud || disputes.length > 0) return [];
  const isCaptured = payment.status === 'captured' && amountRefundable(order) > 0;
  if (!isCaptured && payment.status !== 'authorized') return [];
  const message =
    'A card network reports this payment as fraudulent (early fraud warning): a dispute is likely to follow. ' +
    (isCaptured
      ? 'To prevent that, refund all of it; otherwise acknowledge.'
      : 'To prevent that, cancel the order; otherwise acknowledge.');
  const about = { subject: payment.latestCharge, deadline: null };
  return [{ ...about, code: 'early_fraud_warning', message, allowedActions: ['acknowledge'] }];
}

function ofOpen(order: Order): Due[] {
  return order.disputes.filter(needsResponse).map((dispute) => {
    const [what, otherwise] = isInquiry(dispute)
      ? ['asks about this payment', 'refund the payment']
      : ['took this payment back', 'accept the dispute'];
    const refunded = isInquiry(dispute) ? 0 : amountRefunded(order);
    const known =
      refunded === 0
        ? ''
        : ` ${formatMoney({ amount: refunded, currency: order.terms.currency })} of it were refunded before: say so in the evidence, or the customer has that twice.`;
    return {
      code: 'dispute_needs_response',
      subject: dispute.id,
      message:
        `The customer's bank ${what} (${dispute.reason}, ${formatMoney(dispute)}). ` +
        `Submit evidence before the deadline, or ${otherwise}.${known}`,
      deadline: dispute.evidenceDueBy,
      allowedActions: ['acknowledge'],
    };
  });
}

/** A bank takes back what was refunded as well: Stripe refuses the refund of what is disputed, and no bank the dispute of what is refunded. */
function ofGivenBackTwice(order: Order): Due[] {
  const { currency } = order.terms;
  const lost = order.disputes.filter((dispute) => isLostIn(dispute, currency));
  const last = lost.at(-1);
  const [refunded, paid] = [amountRefunded(order), amountCaptured(order)];
  const disputed = lost.reduce((sum, dispute) => sum + amountLost(dispute), 0);
  // A bank may take a little more than was paid, as rates move.
  if (!last || (refunded === 0 && lost.length === 1) || refunded + disputed <= paid) return [];
  const text = (amount: number) => formatMoney({ amount, currency });
  const message =
    `The customer has ${text(refunded)} back by refund and ${text(disputed)} by dispute, of ${text(paid)} paid. ` +
    'Ask the customer, or their bank, for what is too much.';
  return [
    { code: 'given_back_twice', subject: last.id, message, deadline: null, allowedActions: ['acknowledge'] },
  ];
}

function isLostIn({ status, currency }: Dispute, wanted: string): boolean {
  return status === 'lost' && currency === wanted;
}
