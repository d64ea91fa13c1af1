import { setHandler } from '@temporalio/workflow';
import { resolveSignal } from '../../contract/orders.ts';
import type { TransferAnswer } from '../../contract/transfers.ts';
import { payTransferUpdate, resolveTransferUpdate, transferStateQuery } from '../../contract/transfers.ts';
import type { CommandOf } from '../../domain/commands/signals.ts';
import { commandFromSignal } from '../../domain/commands/signals.ts';
import { refusalOfResolve } from '../../domain/orders/refusals.ts';
import { Inbox } from '../entity/inbox.ts';
import type { TransferRecord } from './transfer-record.ts';

type Decision = CommandOf<'resolve'>;
type TransferInbox = Inbox<Decision, TransferAnswer>;

/** All messages that a special-case transfer takes. */
export function openTransferInbox(record: TransferRecord): TransferInbox {
  const inbox: TransferInbox = new Inbox(record, (decision) => refusalOfResolve(record, decision));
  const { id, pay } = record.state.input;
  inbox.begins(payTransferUpdate, pay, { kind: 'transfer', id });
  inbox.takes(resolveTransferUpdate, (message) => ({ ...message, kind: 'resolve' }));
  inbox.takesSignal(resolveSignal, (raw) => commandFromSignal('resolve', raw));
  setHandler(transferStateQuery, () => record.state);
  return inbox;
}
