import { continueAsNew, setHandler } from '@temporalio/workflow';
import type { ReopenedTransferInput, TransferInput, TransferState } from '../../contract/transfers.ts';
import { payTransferUpdate, transferMemoryQuery, transferStateQuery } from '../../contract/transfers.ts';
import { TRANSFER_INPUT } from '../../domain/commands/workflow-input.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import type { TransferCommand } from '../../domain/orders/transfer-command-table.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import { refusalOfTransferCommand } from '../../domain/orders/transfer-refusals.ts';
import { runEntity } from '../entity/command-loop.ts';
import type { StripeNews, Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import { refuseCopy, refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Carried } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { beginTransfer, handleTransferCommand } from './handle-transfer-command.ts';
import type { TransferSnapshot } from './transfer-record.ts';
import { TransferRecord } from './transfer-record.ts';
import { readReversals, transferTimers } from './transfer-timers.ts';
import { viewOfTransfer } from './transfer-visibility.ts';

/** What the transfer has to do next. */
type TransferWork = Work<TransferCommand, StripeNews>;
type TransferInbox = Inbox<TransferCommand, TransferState, StripeNews>;

/**
 * One special-case transfer without an order: platform → connected account. Ends when the money has moved or an
 * operator gave it up. Fails only if Stripe refused it: its id may be used again. A reversal, by command or at Stripe,
 * reopens it in a new run.
 */
export async function specialCaseTransfer(
  input: TransferInput | ReopenedTransferInput,
  carried?: Carried<TransferSnapshot, TransferWork>,
): Promise<TransferState> {
  refuseNonsense(input, TRANSFER_INPUT);
  refuseCopy(transferWorkflowId(input.id), 'id');
  const record = new TransferRecord(input, carried && upgrade('transfer', carried));
  const reopened = !carried && 'reopened' in input ? input.reopened : null;
  const asked = reopened?.command;
  // Of two requests for one command, the second may meet a run that has carried it out and ended.
  const reversal = asked && record.command(asked.commandId) === null ? asked : null;
  // Begun before the update that comes with the start brings the same command.
  if (reversal) record.begin(reversal.kind, reversal);
  else if (reopened && !asked) record.readAtOnce();
  const inbox = openTransferInbox(record);
  if (carried) inbox.takeOver(carried.waiting);

  await runEntity(record, inbox, {
    begin: carried
      ? null
      : async () => {
          if (reversal) await handleTransferCommand(record, reversal);
          else if (!reopened) await beginTransfer(record);
        },
    handle: (work) =>
      work.type === 'command' ? handleTransferCommand(record, work.command) : readReversals(record),
    timers: () => transferTimers(record),
    view: () => viewOfTransfer(record.state),
    continueAsNew: (waiting) =>
      continueAsNew<typeof specialCaseTransfer>(record.input, { ...record.snapshot(), waiting }),
  });
  return record.state;
}

/** All messages that a special-case transfer takes. */
function openTransferInbox(record: TransferRecord): TransferInbox {
  const inbox: TransferInbox = new Inbox(record, (command) =>
    refusalOfTransferCommand(record.state, command),
  );
  const { id, pay } = record.state.input;
  inbox.begins(payTransferUpdate, pay, { kind: 'transfer', id });
  inbox.takes(TRANSFER_COMMANDS);
  inbox.onStripeEvent({ type: 'stripe_event' });
  setHandler(transferStateQuery, () => record.state, {
    description: 'The transfer, as its workflow knows it',
  });
  setHandler(transferMemoryQuery, () => record.memory, {
    description: 'Internal: what a reopened transfer needs',
  });
  return inbox;
}
