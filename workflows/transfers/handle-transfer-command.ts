import type { HeldTransferCommand, ReverseCommand } from '../../contract/transfers.ts';
import { isDecision, needsApproval, stakeOfWhole } from '../../domain/commands/approval.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import type { TransferCommand } from '../../domain/orders/transfer-command-table.ts';
import { refusalOfTransferCommand } from '../../domain/orders/transfer-refusals.ts';
import { decide, hold } from '../entity/approvals.ts';
import { resolveAttention } from '../entity/attention.ts';
import { newStamp } from '../entity/perform.ts';
import { performAndRecord } from '../entity/perform-and-record.ts';
import { workflowNow } from '../shared/time.ts';
import type { TransferRecord } from './transfer-record.ts';

/** What the workflow is for. */
export async function beginTransfer(record: TransferRecord): Promise<void> {
  const command = { ...record.input.pay, kind: 'pay' } as const;
  record.begin('pay', command);
  await unlessHeld(record, command);
}

async function pay(
  record: TransferRecord,
  command: CommandEnvelope,
  requestedAt = record.state.createdAt,
): Promise<void> {
  const { input } = record.state;
  const { id, amount, currency, destination, description } = input;
  const operation = {
    operation: 'transfer',
    orderId: id,
    ...newStamp(command),
    requestedAt,
    requestHash: command.requestHash,
    charge: null,
    amount,
    currency,
    destination,
    description,
  } as const;
  await performAndRecord(record, command, operation);
}

/** Until the command has ended, or an operator has to look. */
export async function handleTransferCommand(record: TransferRecord, command: TransferCommand): Promise<void> {
  const refusal = refusalOfTransferCommand(record.state, command);
  if (refusal) record.endCommand(command, 'refused', refusal);
  else await unlessHeld(record, command);
}

async function unlessHeld(record: TransferRecord, command: HeldTransferCommand): Promise<void> {
  const { approval } = record.input.policy;
  const stake = stakeOfWhole(record.state.input, command);
  if (approval && needsApproval(approval, stake)) hold(record, command, stake, approval);
  else await execute(record, command);
}

async function execute(
  record: TransferRecord,
  command: HeldTransferCommand,
  isApproved = false,
): Promise<void> {
  // Not before it was approved: a day's limit is that of this day.
  if (command.kind === 'pay') await pay(record, command, isApproved ? workflowNow() : undefined);
  else if (command.kind === 'reverse_transfer') await reverse(record, command);
  else if (isDecision(command)) {
    await decide(record, command, {
      execute: (approved) => execute(record, approved, true),
      giveUp: (declined, why) => record.giveUpUnapproved(declined, why),
    });
  } else await resolveAttention(record, command);
}

async function reverse(record: TransferRecord, command: ReverseCommand): Promise<void> {
  const { input, transfer } = record.state;
  if (!transfer) throw new IllegalTransition('a transfer that was not paid cannot be reversed');
  const operation = {
    operation: 'reverse_transfer',
    orderId: input.id,
    ...newStamp(command),
    requestHash: command.requestHash,
    transfer: transfer.id,
    amount: command.amount ?? null,
    reason: command.reason ?? null,
    isOtherAccount: false,
  } as const;
  await performAndRecord(record, command, operation);
}
