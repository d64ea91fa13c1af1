import { ownCommand } from '../../domain/commands/own-command.ts';
import { reauthorizationId, releaseOperationId } from '../../domain/ids.ts';
import { endToWarnOf, reauthorizationDueAt, warningDueAt } from '../../domain/orders/capture-window.ts';
import { newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import type { Timer } from '../entity/timer.ts';
import { workflowNow } from '../shared/time.ts';
import type { OrderRecord } from './order-record.ts';

/** What is due about the end of the capture window. */
export function captureWindowTimers(record: OrderRecord): readonly Timer[] {
  const { order, input } = record;
  const warning = warningDueAt(order, input.policy);
  const renewal = reauthorizationDueAt(order, input.policy);
  return [
    ...(order.captureWindow.superseded === null
      ? []
      : [
          { at: workflowNow(), summary: 'Release the superseded authorization', fire: () => release(record) },
        ]),
    ...(warning === null
      ? []
      : [{ at: warning, summary: 'Warn that the capture window ends', fire: () => warn(record) }]),
    ...(renewal === null
      ? []
      : [{ at: renewal, summary: 'Renew the authorization', fire: () => reauthorize(record) }]),
  ];
}

function warn(record: OrderRecord): void {
  const { payment } = record.order;
  if (payment.status !== 'authorized') return;
  record.apply({ type: 'capture_warned', captureBefore: endToWarnOf(record.order, payment) }, null);
}

/**
 * Authorizes a new payment, and only then releases the old one. Each call depends only on the order and the cycle, so
 * a crash at any point ends with exactly one authorization.
 */
export async function reauthorize(record: OrderRecord): Promise<void> {
  const { terms, payment, captureWindow } = record.order;
  if (payment.status !== 'authorized') return;
  const cycle = captureWindow.cycle + 1;
  const command = ownCommand(reauthorizationId(terms.id, cycle));
  record.begin('reauthorize', command);
  await performAndRecord(record, command, {
    operation: 'reauthorize',
    orderId: terms.id,
    ...newStamp(command),
    cycle,
    replaces: payment.paymentIntent,
    terms: { ...terms, amount: payment.amount },
  });
  if (record.blocked === null) await release(record);
}

/** Cancels the PaymentIntent that is not needed: the old one, or what a failed renewal left. */
async function release(record: OrderRecord): Promise<void> {
  const { terms, captureWindow } = record.order;
  const { superseded } = captureWindow;
  if (superseded === null) return;
  const command = ownCommand(releaseOperationId(superseded));
  record.begin('release', command);
  await performAndRecord(record, command, {
    operation: 'release',
    orderId: terms.id,
    ...newStamp(command),
    paymentIntent: superseded,
  });
}
