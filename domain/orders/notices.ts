import type { Due, Notice } from '../attention/notice.ts';
import { approvalDue } from '../commands/approval.ts';
import { formatMoney } from '../money/money.ts';
import { endToWarnOf, renewsItself } from './capture-window.ts';
import { amountLost, currentDispute, isOpen } from './dispute.ts';
import { disputeNotices } from './dispute-notices.ts';
import type { Order } from './order.ts';
import { paymentIntentOf } from './order.ts';
import { overdueNotices } from './overdue.ts';
import { isRecoverable, pendingRecoveries, takenFor, unrecoveredDisputes } from './recovery.ts';
import { refundNotices } from './refund-notices.ts';
import { reviewNotices } from './review-notices.ts';

/** The order with the notices that its state gives cause for; those it had keep their time. `at`: now. */
export function withNotices(order: Order, at: number): Order {
  const due = noticesDue(order);
  if (due.length === 0 && order.notices.length === 0) return order;
  const notices = due.map((notice): Notice => {
    const before = order.notices.find((known) => isSame(known, notice));
    return { ...notice, since: before?.since ?? at, acknowledgedBy: before?.acknowledgedBy ?? null };
  });
  return { ...order, notices: [...notices, ...keptUnread(order, due)] };
}

/** A reopened order that has not read its payment yet shows no cause of those it had: they stay, with who acknowledged them. */
function keptUnread(order: Order, due: readonly Due[]): readonly Notice[] {
  if (paymentIntentOf(order) !== null) return [];
  const others = order.notices.filter(({ code }) => code !== 'approval_needed');
  return others.filter((known) => !due.some((one) => isSame(one, known)));
}

/** Those that still ask for somebody, the most urgent first. */
export function openNotices(notices: readonly Notice[]): readonly Notice[] {
  return notices
    .filter(({ acknowledgedBy }) => acknowledgedBy === null)
    .sort((a, b) => (a.deadline ?? Number.MAX_SAFE_INTEGER) - (b.deadline ?? Number.MAX_SAFE_INTEGER));
}

/**
 * The open notices that an operator's decision is about. `subject`: of one Stripe object only; `until`: none that began later, in
 * milliseconds since the epoch.
 */
export function noticesFor(
  { notices }: Pick<Order, 'notices'>,
  action: string,
  subject: string | null,
  until: number = Number.POSITIVE_INFINITY,
): readonly Notice[] {
  return openNotices(notices).filter(
    (notice) =>
      notice.allowedActions.some((allowed) => allowed === action) &&
      (subject === null || notice.subject === subject) &&
      notice.since <= until,
  );
}

/** Those that were not there before. */
export function newNotices(before: readonly Notice[], after: readonly Notice[]): readonly Notice[] {
  return after.filter((notice) => !before.some((known) => isSame(known, notice)));
}

/** Another deadline is another question: an inquiry that somebody let pass may become a chargeback under the same id. */
function isSame(a: Due, b: Due): boolean {
  return a.code === b.code && a.subject === b.subject && a.deadline === b.deadline;
}

function noticesDue(order: Order): readonly Due[] {
  return [
    ...order.approvals.map(approvalDue),
    ...ofAccount(order),
    ...ofCaptureWindow(order),
    ...disputeNotices(order),
    ...reviewNotices(order),
    ...ofRecoveries(order),
    ...ofDecisionsAfterRecovery(order),
    ...overdueNotices(order),
    ...refundNotices(order),
    ...ofFailedCharges(order),
  ];
}

/** Money is authorized for an account that cannot take it: capture it once the account is fixed, or cancel it. */
function ofAccount({ terms, payment, accountRestriction }: Order): Due[] {
  if (payment.status !== 'authorized' || !accountRestriction) return [];
  return [
    {
      code: 'account_restricted',
      subject: terms.connectedAccount,
      message: accountRestriction.detail,
      deadline: payment.captureBefore,
      allowedActions: ['acknowledge'],
    },
  ];
}

function ofCaptureWindow(order: Order): Due[] {
  const { payment, captureWindow } = order;
  if (payment.status !== 'authorized') return [];
  const about = { subject: payment.paymentIntent, deadline: payment.captureBefore };
  const { failure, warnedOf } = captureWindow;
  const mayBeRenewed = renewsItself(order, payment);
  if (failure && mayBeRenewed) {
    const message =
      `The authorization could not be renewed (${failure.code}: ${failure.message}). ` +
      'The old one still holds: capture it before the deadline, or try again.';
    return [{ ...about, code: 'reauthorization_failed', message, allowedActions: ['retry', 'acknowledge'] }];
  }
  if (warnedOf !== endToWarnOf(order, payment)) return [];
  if (payment.captureBefore === null) {
    const message =
      'Nobody has captured this payment, and Stripe does not say until when it can be: what is no card holds money for a week, some of it longer. ' +
      'Capture or cancel it.';
    return [{ ...about, code: 'capture_expiring', message, allowedActions: ['acknowledge'] }];
  }
  if (mayBeRenewed) {
    const message =
      'Waybill no longer renews this authorization, and Stripe releases it at the deadline: ' +
      'capture or cancel it, or retry to renew it once more.';
    return [{ ...about, code: 'capture_expiring', message, allowedActions: ['retry', 'acknowledge'] }];
  }
  const message =
    payment.amountCaptured === 0
      ? 'Nobody has captured this payment. Stripe releases it at the deadline.'
      : 'Only a part of this payment is captured. Stripe releases the rest at the deadline.';
  return [{ ...about, code: 'capture_expiring', message, allowedActions: ['acknowledge'] }];
}

function ofRecoveries(order: Order): Due[] {
  return order.recoveries.flatMap(({ disputeId, status, failure }): Due[] => {
    const about = { subject: disputeId, deadline: null };
    const why = failure ? ` (${failure.code}: ${failure.message})` : '';
    const mayRecover = isRecoverable(order, disputeId);
    if (mayRecover && status === 'pending' && failure) {
      const message = `The connected account cannot return its share of the lost dispute yet${why}. Waybill retries automatically.`;
      return [
        { ...about, code: 'recovery_pending', message, allowedActions: ['retry', 'abandon', 'acknowledge'] },
      ];
    }
    if (mayRecover && status === 'refused') {
      const message = `Stripe refuses to reverse the transfer${why}. Fix the cause and retry, or abandon it and let the platform bear the dispute.`;
      return [
        { ...about, code: 'recovery_refused', message, allowedActions: ['retry', 'abandon', 'acknowledge'] },
      ];
    }
    return [];
  });
}

/** The bank decided otherwise after the connected account had returned its share. */
function ofDecisionsAfterRecovery({ disputes, recoveries, adjustments }: Order): Due[] {
  return recoveries.flatMap((recovery): Due[] => {
    const { disputeId, wonAfterwards, returnedAfterwards } = recovery;
    const dispute = disputes.find(({ id }) => id === disputeId);
    const reversal = takenFor(recovery, adjustments);
    if (!dispute || !reversal) return [];
    const about = { subject: disputeId, deadline: null, allowedActions: ['acknowledge'] as const };
    const [taken, { status, currency }] = [formatMoney(reversal), dispute];
    if (status === 'won') {
      const message = `The dispute was won after ${taken} had been taken from the connected account: pay it back with a special-case transfer.`;
      return [{ ...about, code: 'recovered_and_won', message }];
    }
    if (status !== 'lost') return [];
    if (wonAfterwards) {
      const message = `The dispute was lost again after it had been won. ${taken} were taken from the connected account the first time: if they were paid back since, reverse that transfer.`;
      return [{ ...about, code: 'lost_again', message }];
    }
    if (!returnedAfterwards) return [];
    const cost = formatMoney({ amount: amountLost(dispute), currency });
    const message = `Part of the lost dispute was given back after ${taken} had been taken from the connected account: it cost ${cost} of ${formatMoney(dispute)}. Pay back what is more than the account's share with a special-case transfer.`;
    return [{ ...about, code: 'recovered_too_much', message }];
  });
}

/** The platform has lost the money, and the connected account may still have its share: an operator has to decide who bears it. */
function ofFailedCharges({ failedCharges, payment }: Order): Due[] {
  const failed = failedCharges.filter(({ wasCaptured }) => wasCaptured);
  return failed.map(({ code, message, charge, settlement }): Due => {
    const shares = Object.entries(settlement?.connected ?? {}).map(([currency, amount]) =>
      formatMoney({ amount, currency }),
    );
    const isPaid = payment.status === 'captured' && payment.latestCharge !== charge;
    return {
      code: 'charge_failed',
      subject: charge,
      message:
        `The payment failed after it had succeeded (${code}: ${message}). Stripe has taken the money back from the platform; ` +
        `the connected account received ${shares.join(' and ') || 'its share'} from it. ` +
        `Reverse that transfer${isPaid ? '' : ', or have the customer pay another way'}, then acknowledge.`,
      deadline: null,
      allowedActions: ['acknowledge'],
    };
  });
}

/** Whether nobody is asked for anything, and nothing is undecided at a bank. */
export function isSettled(order: Order): boolean {
  const current = currentDispute(order.disputes);
  return (
    openNotices(order.notices).length === 0 &&
    !(current && isOpen(current)) &&
    pendingRecoveries(order).length === 0 &&
    unrecoveredDisputes(order).length === 0
  );
}
