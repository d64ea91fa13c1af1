import type { Due } from '../attention/notice.ts';
import { unreadableMessage } from '../attention/reading.ts';
import type { Order } from './order.ts';
import { paymentIntentOf } from './order.ts';

/** What Stripe should have reported by now: nobody may wait for it indefinitely. */
export function overdueNotices(order: Order): readonly Due[] {
  return [...ofSettlement(order), ...ofProcessing(order), ...ofReading(order)];
}

/** Milliseconds from the capture on: Stripe settles most charges at once and the others within minutes (`automatic_async`). */
export const SETTLED_WITHIN_MS = 3 * 60 * 60 * 1000;

function ofSettlement({ payment, settlementOverdueOf }: Order): Due[] {
  if (payment.status !== 'captured' || payment.settlement !== null) return [];
  if (payment.latestCharge !== settlementOverdueOf) return [];
  const message =
    'The payment was captured hours ago, and Stripe still shows no balance transaction, transfer or fee for it, ' +
    'so its funds are unknown. Waybill keeps reading it.';
  return [
    {
      code: 'settlement_missing',
      subject: settlementOverdueOf,
      message,
      deadline: null,
      allowedActions: ['acknowledge'],
    },
  ];
}

/**
 * Milliseconds that a payment may be `processing`: SEPA Direct Debit takes longest to report, up to 14 business days
 * (https://docs.stripe.com/payments/sepa-debit), which weekends and bank holidays make 24 days at most.
 */
export const PROCESSED_WITHIN_MS = 24 * 24 * 60 * 60 * 1000;

function ofProcessing({ payment, processingOverdueOf }: Order): Due[] {
  if (payment.status !== 'processing' || payment.paymentIntent !== processingOverdueOf) return [];
  const message =
    'The payment has been processing for longer than any bank debit takes: whether the customer has paid is unknown. ' +
    'Waybill keeps reading it.';
  return [
    {
      code: 'processing_overdue',
      subject: processingOverdueOf,
      message,
      deadline: null,
      allowedActions: ['acknowledge'],
    },
  ];
}

function ofReading(order: Order): Due[] {
  const { unreadable } = order;
  const subject = paymentIntentOf(order);
  if (unreadable === null || subject === null) return [];
  const message = unreadableMessage('payment', unreadable);
  return [{ code: 'reading_failed', subject, message, deadline: null, allowedActions: ['acknowledge'] }];
}
