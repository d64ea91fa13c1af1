import { setHandler } from '@temporalio/workflow';
import type { TransferState } from '../../contract/transfers.ts';
import { payTransferUpdate, transferMemoryQuery, transferStateQuery } from '../../contract/transfers.ts';
import type { TransferCommand } from '../../domain/orders/transfer-command-table.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import type { Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import { refusalOf } from './handle-transfer-command.ts';
import type { TransferRecord } from './transfer-record.ts';

/** What the transfer has to do next. */
export type TransferWork = Work<TransferCommand>;
type TransferInbox = Inbox<TransferCommand, TransferState>;

/** All messages that a special-case transfer takes. */
export function openTransferInbox(record: TransferRecord): TransferInbox {
  const inbox: TransferInbox = new Inbox(record, (command) => refusalOf(record, command));
  const { id, pay } = record.state.input;
  inbox.begins(payTransferUpdate, pay, { kind: 'transfer', id });
  inbox.takes(TRANSFER_COMMANDS);
  setHandler(transferStateQuery, () => record.state, {
    description: 'The transfer, as its workflow knows it',
  });
  setHandler(transferMemoryQuery, () => record.memory, {
    description: 'Internal: what a reopened transfer needs',
  });
  return inbox;
}
