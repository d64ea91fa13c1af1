import { setHandler } from '@temporalio/workflow';
import type { OrderAnswer } from '../../contract/orders.ts';
import {
  acceptDisputeSignal,
  acceptDisputeUpdate,
  accountNoticeSignal,
  adoptUpdate,
  authorizeUpdate,
  cancelSignal,
  cancelUpdate,
  captureSignal,
  captureUpdate,
  confirmUpdate,
  incrementSignal,
  incrementUpdate,
  memoryQuery,
  orderQuery,
  refundSignal,
  refundUpdate,
  resolveSignal,
  resolveUpdate,
  reverseTransferSignal,
  reverseTransferUpdate,
  submitEvidenceUpdate,
  transferSignal,
  transferUpdate,
} from '../../contract/orders.ts';
import { announceSignal } from '../../contract/outgoing-events.ts';
import type { Command } from '../../domain/commands/commands.ts';
import { commandFromSignal } from '../../domain/commands/signals.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { accountNoticeFrom } from '../../domain/orders/account-notice.ts';
import type { StripeNews, Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import { refusalIn } from './order-commands.ts';
import type { OrderRecord } from './order-record.ts';

/** What a connected account can take now, sent by its workflow. */
interface AccountNews {
  readonly type: 'account_notice';
  readonly notice: AccountNotice;
}

/** An attempt to hand events over has ended: what is left of them may be due. */
interface HandedOver {
  readonly type: 'handed_over';
}

type OrderFact = StripeNews | AccountNews | HandedOver;

/** What the order has to do next. */
export type OrderWork = Work<Command, OrderFact>;
type OrderInbox = Inbox<Command, OrderAnswer, OrderFact>;

/** All messages that an order takes. */
export function openOrderInbox(record: OrderRecord): OrderInbox {
  const inbox: OrderInbox = new Inbox(record, (command) => refusalOf(record, command));
  const { terms, authorize } = record.input;
  inbox.begins(authorizeUpdate, authorize, { kind: 'order', id: terms.id });
  inbox.begins(adoptUpdate, authorize, { kind: 'order', id: terms.id });

  inbox.takes(confirmUpdate, (message) => ({ ...message, kind: 'confirm' }));
  inbox.takes(captureUpdate, (message) => ({ ...message, kind: 'capture' }));
  inbox.takes(cancelUpdate, (message) => ({ ...message, kind: 'cancel' }));
  inbox.takes(refundUpdate, (message) => ({ ...message, kind: 'refund' }));
  inbox.takes(transferUpdate, (message) => ({ ...message, kind: 'transfer' }));
  inbox.takes(reverseTransferUpdate, (message) => ({ ...message, kind: 'reverse_transfer' }));
  inbox.takes(incrementUpdate, (message) => ({ ...message, kind: 'increment' }));
  inbox.takes(submitEvidenceUpdate, (message) => ({ ...message, kind: 'submit_evidence' }));
  inbox.takes(acceptDisputeUpdate, (message) => ({ ...message, kind: 'accept_dispute' }));
  inbox.takes(resolveUpdate, (message) => ({ ...message, kind: 'resolve' }));

  inbox.takesSignal(captureSignal, (raw) => commandFromSignal('capture', raw));
  inbox.takesSignal(cancelSignal, (raw) => commandFromSignal('cancel', raw));
  inbox.takesSignal(refundSignal, (raw) => commandFromSignal('refund', raw));
  inbox.takesSignal(transferSignal, (raw) => commandFromSignal('transfer', raw));
  inbox.takesSignal(reverseTransferSignal, (raw) => commandFromSignal('reverse_transfer', raw));
  inbox.takesSignal(incrementSignal, (raw) => commandFromSignal('increment', raw));
  inbox.takesSignal(acceptDisputeSignal, (raw) => commandFromSignal('accept_dispute', raw));
  inbox.takesSignal(resolveSignal, (raw) => commandFromSignal('resolve', raw));

  inbox.onStripeEvent({ type: 'stripe_event' });
  setHandler(accountNoticeSignal, (raw) => {
    const notice = accountNoticeFrom(raw);
    if (notice) inbox.push({ type: 'account_notice', notice });
    else record.noteRefusedSignal(accountNoticeSignal.name, null, 'It is not a notice about an account.');
  });
  setHandler(announceSignal, () => {
    record.announced = { ...record.announced, wanted: true };
  });

  setHandler(orderQuery, () => record.order);
  setHandler(memoryQuery, () => record.memory);
  return inbox;
}

function refusalOf(record: OrderRecord, command: Command): Problem | null {
  if (record.isClosed) {
    const { status } = record.order.payment;
    return problem('state_conflict', `This order is ${status} and cannot change any more.`);
  }
  return record.isUnread ? null : refusalIn(record, command);
}
