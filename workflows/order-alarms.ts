import type { CommandEnvelope } from '../domain/commands.ts';
import type { CancelOperation } from '../domain/operations.ts';
import { isClosed, paymentIntentOf } from '../domain/order.ts';
import { carryThrough, probe } from './attention.ts';
import type { OrderRecord } from './order-record.ts';
import { readPayment } from './perform.ts';
import { backoffMs, HOUR_MS, MINUTE_MS, SECOND_MS, workflowNow } from './time.ts';

/** Something that is due by itself. `at`: milliseconds since the epoch. */
interface Alarm {
  readonly at: number;
  ring(): Promise<void> | void;
}

/** Effort for reading what nobody waits for. */
const EFFORT = { budgetMs: 5 * MINUTE_MS };

/** What is due next in this order's life; null: nothing by itself. */
export function nextAlarm(record: OrderRecord): Alarm | null {
  const { order, blocked, input } = record;
  if (blocked) return { at: blocked.nextProbeAt, ring: () => probe(record, blocked) };
  const { payment } = order;
  switch (payment.status) {
    case 'requires_payment_method':
    case 'requires_action':
      return { at: record.lastActivityAt + input.policy.abandonAfterMs, ring: () => giveUp(record) };
    case 'processing':
      return rereadAlarm(record, record.lastActivityAt, MINUTE_MS, HOUR_MS);
    case 'authorized':
      return payment.captureBefore === null
        ? rereadAlarm(record, record.lastActivityAt, HOUR_MS, 24 * HOUR_MS)
        : rereadAlarm(record, payment.captureBefore, SECOND_MS, HOUR_MS);
    case 'captured':
      return payment.settlement === null
        ? rereadAlarm(record, record.lastActivityAt, SECOND_MS, HOUR_MS)
        : { at: record.lastActivityAt + input.policy.openMs, ring: () => record.close() };
    default:
      return null;
  }
}

/** Reads the payment from Stripe and records what is new. */
export async function readAgain(record: OrderRecord): Promise<void> {
  const paymentIntent = paymentIntentOf(record.order);
  if (paymentIntent === null || isClosed(record.order)) return;
  const payment = await readPayment(paymentIntent, EFFORT);
  if (!('type' in payment)) record.observe(payment);
}

/** Reads again after `since`, at growing distances, until Stripe has told something new. */
function rereadAlarm(record: OrderRecord, since: number, firstMs: number, maxMs: number): Alarm {
  let at = since;
  for (let reading = 0; reading <= record.readings; reading++) at += backoffMs(reading, firstMs, maxMs);
  return {
    at,
    ring: () => {
      record.countReading();
      return readAgain(record);
    },
  };
}

/** Nobody paid: the PaymentIntent is canceled, so that no late customer pays for an order that is given up. */
async function giveUp(record: OrderRecord): Promise<void> {
  const paymentIntent = paymentIntentOf(record.order);
  if (paymentIntent === null) return;
  const commandId = nextUnpaidId(record);
  const command: CommandEnvelope = {
    commandId,
    requestHash: commandId,
    requestId: commandId,
    actor: 'waybill',
  };
  record.begin('cancel', command);
  const operation: CancelOperation = {
    operation: 'cancel',
    orderId: record.order.terms.id,
    operationId: command.commandId,
    generation: 0,
    requestedAt: workflowNow(),
    paymentIntent,
    reason: 'abandoned',
  };
  await carryThrough(record, command, operation, record.input.policy.retryBudgetMs);
}

/** Another id each time it is tried: under the same key Stripe would only repeat why it refused the last time. */
function nextUnpaidId(record: OrderRecord): string {
  let attempt = 1;
  while (record.command(`unpaid-${attempt}`)) attempt += 1;
  return `unpaid-${attempt}`;
}
