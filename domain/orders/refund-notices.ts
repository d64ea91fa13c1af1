import type { Due } from '../attention/notice.ts';
import { formatMoney } from '../money/money.ts';
import type { Order, Refund } from './order.ts';

/** What did not reach the customer, or has not yet for lack of funds or of an answer. */
export function refundNotices(order: Pick<Order, 'refunds' | 'terms'>): readonly Due[] {
  return [...ofUnfunded(order), ...ofAwaitingCustomer(order), ...ofFailed(order)];
}

/** Milliseconds after which Stripe fails a refund that still waits (https://support.stripe.com/questions/fix-your-pending-refund). */
const FUNDED_WITHIN_MS = 45 * 24 * 60 * 60 * 1000;

function ofUnfunded({ refunds, terms }: Pick<Order, 'refunds' | 'terms'>): Due[] {
  const waiting = refunds.filter(({ waitsForFunds }) => waitsForFunds);
  return waiting.map(
    ({ id, amount, reversal, createdAt }): Due => ({
      code: 'refund_unfunded',
      subject: id,
      message:
        `The refund of ${formatMoney({ amount, currency: terms.currency })} has not been sent: the platform's balance at Stripe does not cover it. ` +
        'Add funds. Stripe fails it at the deadline, or when the customer disputes the payment meanwhile.' +
        (reversal ? ` ${formatMoney(reversal)} have been taken from the connected account already.` : ''),
      deadline: createdAt + FUNDED_WITHIN_MS,
      allowedActions: ['acknowledge'],
    }),
  );
}

function ofAwaitingCustomer({ refunds, terms }: Pick<Order, 'refunds' | 'terms'>): Due[] {
  const waiting = refunds.filter(({ status }) => status === 'requires_action');
  return waiting.map(
    ({ id, amount, nextAction }): Due => ({
      code: 'refund_requires_action',
      subject: id,
      message:
        `The refund of ${formatMoney({ amount, currency: terms.currency })} waits for the customer: Stripe has asked them by email where to send it. ` +
        'Remind them to answer. Stripe fails the refund at the deadline; to pay them another way, cancel it in the Dashboard first.',
      deadline: nextAction?.expiresAt ?? null,
      allowedActions: ['acknowledge'],
    }),
  );
}

const ANOTHER_WAY = 'Another refund would go to the same card: pay the customer another way.';

/** By Stripe's `failure_reason` (docs.stripe.com/refunds#failed-refunds): where a repeat is not what helps, or not at once. */
const WHAT_HELPS: Readonly<Record<string, string>> = {
  charge_for_pending_refund_disputed:
    'The customer disputed the payment before it was sent. Do not pay the customer as well: answer the dispute, or accept it.',
  expired_or_canceled_card: ANOTHER_WAY,
  insufficient_funds: "Add funds to the platform's balance, then refund again.",
  lost_or_stolen_card: ANOTHER_WAY,
};

function ofFailed({ refunds, terms }: Pick<Order, 'refunds' | 'terms'>): Due[] {
  const failed = refunds.filter(({ status }) => status === 'failed');
  return failed.map(
    ({ id, amount, reversal, failureReason }): Due => ({
      code: 'refund_failed',
      subject: id,
      message:
        `The refund of ${formatMoney({ amount, currency: terms.currency })} did not reach the customer${reasonOf(failureReason)}; the money is back on the platform's balance. ` +
        (WHAT_HELPS[failureReason ?? ''] ?? 'Refund again, or pay the customer another way.') +
        (reversal
          ? ` ${formatMoney(reversal)} stays reversed from the connected account; a repeat needs no reverse_transfer.`
          : ''),
      deadline: null,
      allowedActions: ['acknowledge'],
    }),
  );
}

function reasonOf(failureReason: Refund['failureReason']): string {
  return failureReason === undefined ? '' : ` (${failureReason})`;
}
