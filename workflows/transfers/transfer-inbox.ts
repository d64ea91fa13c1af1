import { setHandler } from '@temporalio/workflow';
import { resolveSignal } from '../../contract/orders.ts';
import type { TransferAnswer } from '../../contract/transfers.ts';
import {
  payTransferUpdate,
  resolveTransferUpdate,
  reverseUpdate,
  transferMemoryQuery,
  transferStateQuery,
} from '../../contract/transfers.ts';
import { commandFromSignal } from '../../domain/commands/signals.ts';
import { Inbox } from '../entity/inbox.ts';
import type { TransferCommand } from './transfer-commands.ts';
import { refusalOf } from './transfer-commands.ts';
import type { TransferRecord } from './transfer-record.ts';

type TransferInbox = Inbox<TransferCommand, TransferAnswer>;

/** All messages that a special-case transfer takes. */
export function openTransferInbox(record: TransferRecord): TransferInbox {
  const inbox: TransferInbox = new Inbox(record, (command) => refusalOf(record, command));
  const { id, pay } = record.state.input;
  inbox.begins(payTransferUpdate, pay, { kind: 'transfer', id });
  inbox.takes(reverseUpdate, (message) => ({ ...message, kind: 'reverse_transfer' }));
  inbox.takes(resolveTransferUpdate, (message) => ({ ...message, kind: 'resolve' }));
  inbox.takesSignal(resolveSignal, (raw) => commandFromSignal('resolve', raw));
  setHandler(transferStateQuery, () => record.state);
  setHandler(transferMemoryQuery, () => record.memory);
  return inbox;
}
