import { continueAsNew } from '@temporalio/workflow';
import type { ReopenedTransferInput, TransferInput, TransferState } from '../../contract/transfers.ts';
import { TRANSFER_INPUT } from '../../domain/commands/workflow-input.ts';
import { probe } from '../entity/attention.ts';
import { runEntity } from '../entity/command-loop.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { createShow } from '../entity/show.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { handleCommand, pay } from './transfer-commands.ts';
import { openTransferInbox } from './transfer-inbox.ts';
import type { TransferSnapshot } from './transfer-record.ts';
import { TransferRecord } from './transfer-record.ts';
import { viewOfTransfer } from './transfer-visibility.ts';

/**
 * One special-case transfer with no order: platform → connected account. Ends when the money moved or an operator gave
 * it up; as failed only if Stripe refused to make it, so that its id may be used again. A reversal reopens it in a new run.
 */
export async function specialCaseTransfer(
  input: TransferInput | ReopenedTransferInput,
  carried?: Versioned<TransferSnapshot>,
): Promise<TransferState> {
  refuseNonsense(input, TRANSFER_INPUT);
  const record = new TransferRecord(input, carried && upgrade('transfer', carried));
  const reversal = !carried && 'reopened' in input ? input.reopened.command : null;
  // Before the update that comes with the start, which brings the same command.
  if (reversal) record.begin(reversal.kind, reversal);
  const inbox = openTransferInbox(record);
  const show = createShow(viewOfTransfer);
  record.whenDelayed = () => show(record.state);

  await runEntity(record, inbox, {
    begin: carried ? null : () => (reversal ? handleCommand(record, reversal) : pay(record)),
    nextTimer: () => nextProbe(record),
    handle: ({ command }) => handleCommand(record, command),
    publish: () => show(record.state),
    continueAsNew: () => continueAsNew<typeof specialCaseTransfer>(record.state.input, record.snapshot()),
  });
  return record.state;
}

function nextProbe(record: TransferRecord) {
  const { blocked } = record;
  return blocked && { at: blocked.nextProbeAt, fire: () => probe(record, blocked) };
}
