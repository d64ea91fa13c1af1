import { ownCommand } from '../../domain/commands/own-command.ts';
import { problem } from '../../domain/errors.ts';
import { recoveryOperationId } from '../../domain/ids.ts';
import {
  pendingRecoveries,
  postponed,
  recovered,
  recoveryOf,
  sharesOfDispute,
  unrecoveredDisputes,
} from '../../domain/orders/recovery.ts';
import { ask, isStuck, newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import type { Timer } from '../entity/timer.ts';
import { MINUTE_MS, workflowNow } from '../shared/time.ts';
import { retryAt } from './order-outcomes.ts';
import { readAgain } from './order-reading.ts';
import type { OrderRecord } from './order-record.ts';

const READ_BUDGET_MS = 5 * MINUTE_MS;

/** What is due about lost disputes. */
export function recoveryTimers(record: OrderRecord): readonly Timer[] {
  const { order } = record;
  const begun = pendingRecoveries(order).flatMap(({ disputeId, nextAttemptAt: at }): Timer[] =>
    at === null ? [] : [{ at, ...recovering(record, disputeId) }],
  );
  const fresh = unrecoveredDisputes(order).map(
    ({ id }): Timer => ({ at: workflowNow(), ...recovering(record, id) }),
  );
  return [...begun, ...fresh];
}

function recovering(record: OrderRecord, disputeId: string): Omit<Timer, 'at'> {
  return { summary: `Recover the lost dispute ${disputeId}`, fire: () => recover(record, disputeId) };
}

/** Takes the connected account's share of a lost dispute back, by reversing its transfer. */
export async function recover(record: OrderRecord, disputeId: string): Promise<void> {
  const { terms, payment, disputes } = record.order;
  const dispute = disputes.find(({ id }) => id === disputeId);
  // A retry of several disputes: the read after the first may show that the next needs nothing.
  if (payment.status !== 'captured' || payment.transfer === null || dispute?.status !== 'lost') return;
  const recovery = recoveryOf(record.order, disputeId);
  const command = ownCommand(recoveryOperationId(disputeId));
  record.begin('recover', command);

  const transferId = payment.transfer;
  const transfer = await ask(
    'read the transfer',
    ({ readTransfer }) => readTransfer(transferId),
    READ_BUDGET_MS,
  );
  if (isStuck(transfer)) {
    const { failure } = transfer;
    record.apply(
      { type: 'recovery_changed', recovery: postponed(recovery, failure, retryAt(recovery)) },
      command,
    );
    record.endCommand(command, 'refused', problem('unavailable', failure.message));
    return;
  }
  const captured = { amount: payment.amountCaptured };
  const [{ amount }, ...others] = sharesOfDispute(dispute, captured, payment.transfer, transfer);
  if (amount <= 0 && others.every((other) => other.amount <= 0)) {
    record.apply({ type: 'recovery_changed', recovery: recovered(recovery, null) }, command);
    record.endCommand(command, 'done');
    return;
  }
  await performAndRecord(record, command, {
    operation: 'recover',
    orderId: terms.id,
    ...newStamp(command),
    generation: recovery.attempts,
    disputeId,
    transfer: payment.transfer,
    amount,
    others,
    refundApplicationFee: payment.applicationFee !== null,
  });
  // The transfer shows what moved. Of several, some may be reversed before one is refused.
  const isRecovered = recoveryOf(record.order, disputeId).status === 'recovered';
  if (isRecovered || others.length > 0) await readAgain(record);
}
