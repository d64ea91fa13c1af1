import type { ReverseCommand } from '../../contract/transfers.ts';
import type { CommandOf } from '../../domain/commands/signals.ts';
import type { Problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { refusalOfResolve } from '../../domain/orders/refusals.ts';
import { refusalOfReversing } from '../../domain/orders/transfer-reversals.ts';
import { carryThrough, resolveAttention } from '../entity/attention.ts';
import { workflowNow } from '../shared/time.ts';
import type { TransferRecord } from './transfer-record.ts';

/** What comes after its payment. */
export type TransferCommand = ReverseCommand | CommandOf<'resolve'>;

/** Why a command is not carried out now; null: it is. */
export function refusalOf({ state }: TransferRecord, command: TransferCommand): Problem | null {
  return command.kind === 'resolve' ? refusalOfResolve(state, command) : refusalOfReversing(state);
}

export async function pay(record: TransferRecord): Promise<void> {
  const { input, createdAt } = record.state;
  const { id, pay: command, amount, currency, destination, description, policy } = input;
  record.begin('pay', command);
  const operation = {
    operation: 'transfer',
    orderId: id,
    operationId: command.commandId,
    generation: 0,
    requestedAt: createdAt,
    requestHash: command.requestHash,
    charge: null,
    amount,
    currency,
    destination,
    description,
  } as const;
  await carryThrough(record, command, operation, policy.retryBudgetMs);
}

/** Carries out one command, to its result or to the point where an operator has to look. */
export async function handleCommand(record: TransferRecord, command: TransferCommand): Promise<void> {
  const refusal = refusalOf(record, command);
  if (refusal) record.settle(command, 'refused', refusal);
  else if (command.kind === 'resolve') await resolveAttention(record, command);
  else await reverse(record, command);
}

async function reverse(record: TransferRecord, command: ReverseCommand): Promise<void> {
  const { input, transfer } = record.state;
  if (!transfer) throw new IllegalTransition('a transfer that was not paid cannot be reversed');
  const operation = {
    operation: 'reverse_transfer',
    orderId: input.id,
    operationId: command.commandId,
    generation: 0,
    requestedAt: workflowNow(),
    requestHash: command.requestHash,
    transfer: transfer.id,
    amount: command.amount,
    reason: command.reason,
    isOtherAccount: false,
  } as const;
  await carryThrough(record, command, operation, input.policy.retryBudgetMs);
}
