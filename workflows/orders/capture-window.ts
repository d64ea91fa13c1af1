import { ownCommand } from '../../domain/commands/own-command.ts';
import { reauthorizationId, releaseOperationId } from '../../domain/ids.ts';
import { reauthorizationDueAt, warningDueAt } from '../../domain/orders/capture-window.ts';
import { carryThrough } from '../entity/attention.ts';
import type { Timer } from '../entity/timer.ts';
import { workflowNow } from '../shared/time.ts';
import type { OrderRecord } from './order-record.ts';

/** What is due about the end of the capture window. */
export function captureWindowTimers(record: OrderRecord): readonly Timer[] {
  const { order, input } = record;
  const warning = warningDueAt(order, input.policy);
  const renewal = reauthorizationDueAt(order, input.policy);
  return [
    ...(order.captureWindow.superseded === null ? [] : [{ at: workflowNow(), fire: () => release(record) }]),
    ...(warning === null ? [] : [{ at: warning, fire: () => warn(record) }]),
    ...(renewal === null ? [] : [{ at: renewal, fire: () => reauthorize(record) }]),
  ];
}

function warn(record: OrderRecord): void {
  const { payment } = record.order;
  if (payment.status !== 'authorized' || payment.captureBefore === null) return;
  record.apply({ type: 'capture_warned', captureBefore: payment.captureBefore }, null);
}

/**
 * Authorizes a new payment, and only then releases the old authorization. What is asked of Stripe depends on nothing but the order and
 * how often it was tried, so that a crash at any point leaves exactly one authorization in the end.
 */
export async function reauthorize(record: OrderRecord): Promise<void> {
  const { terms, payment, captureWindow } = record.order;
  if (payment.status !== 'authorized') return;
  const cycle = captureWindow.cycle + 1;
  const operationId = reauthorizationId(terms.id, cycle);
  const command = ownCommand(operationId);
  record.begin('reauthorize', command);
  await carryThrough(
    record,
    command,
    {
      operation: 'reauthorize',
      orderId: terms.id,
      operationId,
      generation: 0,
      requestedAt: workflowNow(),
      cycle,
      replaces: payment.paymentIntent,
      terms: { ...terms, amount: payment.amount },
    },
    record.input.policy.retryBudgetMs,
  );
  if (record.blocked === null) await release(record);
}

/** Cancels the PaymentIntent that is no longer needed: the old one, or what a failed try left behind. */
async function release(record: OrderRecord): Promise<void> {
  const { terms, captureWindow } = record.order;
  const { superseded } = captureWindow;
  if (superseded === null) return;
  const operationId = releaseOperationId(superseded);
  const command = ownCommand(operationId);
  record.begin('release', command);
  await carryThrough(
    record,
    command,
    {
      operation: 'release',
      orderId: terms.id,
      operationId,
      generation: 0,
      requestedAt: workflowNow(),
      paymentIntent: superseded,
    },
    record.input.policy.retryBudgetMs,
  );
}
