import type { CancelOperation } from '../../contract/operations.ts';
import { ownCommand } from '../../domain/commands/own-command.ts';
import { isOpen } from '../../domain/orders/dispute.ts';
import { openNotices } from '../../domain/orders/notices.ts';
import { paymentIntentOf } from '../../domain/orders/order.ts';
import { outstandingOf } from '../../domain/orders/outstanding.ts';
import { PROCESSED_WITHIN_MS, SETTLED_WITHIN_MS } from '../../domain/orders/overdue.ts';
import { approvalTimers } from '../entity/approvals.ts';
import { newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import type { Rhythm } from '../entity/readings.ts';
import { failedReadTimers } from '../entity/readings.ts';
import type { Timer } from '../entity/timer.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../shared/time.ts';
import { captureWindowTimers } from './capture-window.ts';
import { nextReadingAt, readAgain } from './order-reading.ts';
import type { OrderRecord } from './order-record.ts';
import { recoveryTimers } from './recovery.ts';

const DAY_MS = 24 * HOUR_MS;

/** How often a payment without news is read. A webhook or the event feed usually comes first. */
const RHYTHMS = {
  requires_payment_method: { firstMs: HOUR_MS, maxMs: DAY_MS },
  requires_action: { firstMs: MINUTE_MS, maxMs: 6 * HOUR_MS },
  processing: { firstMs: MINUTE_MS, maxMs: 6 * HOUR_MS },
  authorized: { firstMs: 6 * HOUR_MS, maxMs: DAY_MS },
  lapsed: { firstMs: SECOND_MS, maxMs: HOUR_MS },
  unsettled: { firstMs: SECOND_MS, maxMs: HOUR_MS },
  outstanding: { firstMs: MINUTE_MS, maxMs: 6 * HOUR_MS },
  disputed: { firstMs: HOUR_MS, maxMs: 6 * HOUR_MS },
  captured: { firstMs: DAY_MS, maxMs: 30 * DAY_MS },
} as const satisfies Record<string, Rhythm>;

/** What is due without a message. */
export function orderTimers(record: OrderRecord): readonly Timer[] {
  const isReadable = paymentIntentOf(record.order) !== null;
  const repeatedReads = isReadable ? failedReadTimers(record, () => readAgain(record)) : [];
  const unapproved = approvalTimers(record, (command, why) => record.endCommand(command, 'refused', why));
  const always = [...repeatedReads, ...unapproved];
  if (record.blocked) return always;
  return [...paymentTimers(record), ...captureWindowTimers(record), ...recoveryTimers(record), ...always];
}

function paymentTimers(record: OrderRecord): readonly Timer[] {
  const { order, lastActivityAt, input } = record;
  const { payment } = order;
  const reading = (rhythm: keyof typeof RHYTHMS, since = lastActivityAt): Timer => ({
    at: nextReadingAt(record, since, RHYTHMS[rhythm]),
    summary: rhythm === 'lapsed' ? 'Capture window ends' : `Read again: ${rhythm}`,
    fire: () => readAgain(record),
  });
  switch (payment.status) {
    case 'requires_payment_method':
    case 'requires_action': {
      const abandoned = {
        at: lastActivityAt + input.policy.abandonAfterMs,
        summary: 'Cancel the unpaid order',
        fire: () => giveUp(record),
      };
      // While an operator decides about money that a bank took back, the customer may still pay another way.
      return openNotices(order.notices).length > 0
        ? [reading(payment.status)]
        : [reading(payment.status), abandoned];
    }
    case 'processing':
      return [reading('processing'), ...overdueProcessing(record)];
    case 'authorized':
      return payment.captureBefore === null
        ? [reading('authorized')]
        : [reading('authorized'), reading('lapsed', payment.captureBefore)];
    case 'captured': {
      const closing = {
        at: lastActivityAt + input.policy.openMs,
        summary: 'Close the order',
        fire: () => record.markIdle(),
      };
      if (payment.settlement === null) return [reading('unsettled'), ...overdueSettlement(record)];
      if (outstandingOf(order).length > 0) return [reading('outstanding')];
      if (order.disputes.some(isOpen)) return [reading('disputed')];
      return record.isAtRest && !record.isIdle ? [reading('captured'), closing] : [reading('captured')];
    }
    default:
      return [];
  }
}

/** A charge that Stripe never settles needs a person. */
function overdueSettlement(record: OrderRecord): readonly Timer[] {
  const { payment, settlementOverdueOf } = record.order;
  if (payment.status !== 'captured' || payment.latestCharge === settlementOverdueOf) return [];
  const fire = () => record.apply({ type: 'settlement_overdue', charge: payment.latestCharge }, null);
  return [{ at: record.lastActivityAt + SETTLED_WITHIN_MS, summary: 'Settlement is overdue', fire }];
}

/** So does a debit that no bank decides on. */
function overdueProcessing(record: OrderRecord): readonly Timer[] {
  const { payment, processingOverdueOf } = record.order;
  if (payment.status !== 'processing' || payment.paymentIntent === processingOverdueOf) return [];
  const fire = () => record.apply({ type: 'processing_overdue', paymentIntent: payment.paymentIntent }, null);
  return [{ at: record.statusSince + PROCESSED_WITHIN_MS, summary: 'The debit is overdue', fire }];
}

/** Nobody paid. Canceled, so that no late customer pays for an order that was given up. */
async function giveUp(record: OrderRecord): Promise<void> {
  const paymentIntent = paymentIntentOf(record.order);
  if (paymentIntent === null) return;
  const command = ownCommand(nextUnpaidId(record));
  record.begin('cancel', command);
  const operation: CancelOperation = {
    operation: 'cancel',
    orderId: record.order.terms.id,
    ...newStamp(command),
    paymentIntent,
    reason: 'abandoned',
    unlessPaid: true,
  };
  await performAndRecord(record, command, operation);
}

/** A new id for each try: under the same key Stripe repeats its refusal. */
function nextUnpaidId(record: OrderRecord): string {
  let attempt = 1;
  while (record.command(`unpaid-${attempt}`)) attempt += 1;
  return `unpaid-${attempt}`;
}
