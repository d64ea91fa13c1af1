import { setHandler } from '@temporalio/workflow';
import { refusalOfResolve } from '../domain/refusals.ts';
import type { CommandOf } from '../domain/signals.ts';
import { commandFromSignal } from '../domain/signals.ts';
import { Inbox } from './inbox.ts';
import type { TransferAnswer } from './messages.ts';
import * as messages from './messages.ts';
import type { TransferRecord } from './transfer-record.ts';

type Decision = CommandOf<'resolve'>;
type TransferInbox = Inbox<Decision, TransferAnswer>;

/** All messages that a special-case transfer takes. */
export function openTransferInbox(record: TransferRecord): TransferInbox {
  const inbox: TransferInbox = new Inbox(record, (decision) => refusalOfResolve(record, decision));
  const { id, pay } = record.state.input;
  inbox.begins(messages.payTransferUpdate, pay, { kind: 'transfer', id: id });
  inbox.takes(messages.resolveTransferUpdate, (message) => ({ ...message, kind: 'resolve' }));
  inbox.takesSignal(messages.resolveSignal, (raw) => commandFromSignal('resolve', raw));
  setHandler(messages.transferStateQuery, () => record.state);
  return inbox;
}
