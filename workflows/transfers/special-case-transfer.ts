import { CancellationScope, continueAsNew } from '@temporalio/workflow';
import type { TransferInput, TransferState } from '../../contract/transfers.ts';
import { TRANSFER_INPUT } from '../../domain/commands/workflow-input.ts';
import { carryThrough, probe, resolveAttention } from '../entity/attention.ts';
import { runCommandLoop } from '../entity/command-loop.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { openTransferInbox } from './transfer-inbox.ts';
import type { TransferSnapshot } from './transfer-record.ts';
import { TransferRecord } from './transfer-record.ts';
import { createTransferShow } from './transfer-visibility.ts';

/**
 * One special-case transfer with no order: platform → connected account. Ends when the money moved or an operator gave
 * it up; as failed only if Stripe refused it, so that its id may be used again.
 */
export async function specialCaseTransfer(
  input: TransferInput,
  carried?: TransferSnapshot,
): Promise<TransferState> {
  refuseNonsense(input, TRANSFER_INPUT);
  const record = new TransferRecord(input, carried);
  const inbox = openTransferInbox(record);
  const show = createTransferShow();
  record.whenDelayed = () => show(record.state);

  return CancellationScope.nonCancellable(async () => {
    if (!carried) await pay(record);
    await runCommandLoop(record, inbox, {
      nextTimer: () => nextProbe(record),
      handle: ({ command }) => resolveAttention(record, command),
      publish: () => show(record.state),
      continueAsNew: () => continueAsNew<typeof specialCaseTransfer>(input, record.snapshot()),
    });
    return record.state;
  });
}

async function pay(record: TransferRecord): Promise<void> {
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

function nextProbe(record: TransferRecord) {
  const { blocked } = record;
  return blocked && { at: blocked.nextProbeAt, fire: () => probe(record, blocked) };
}
