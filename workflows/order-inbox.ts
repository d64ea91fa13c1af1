import { setHandler } from '@temporalio/workflow';
import type { AccountNotice } from '../domain/account-notice.ts';
import { accountNoticeFrom } from '../domain/account-notice.ts';
import type { Command } from '../domain/commands.ts';
import type { Problem } from '../domain/errors.ts';
import { problem } from '../domain/errors.ts';
import { commandFromSignal } from '../domain/signals.ts';
import type { StripeNews, Work } from './inbox.ts';
import { Inbox } from './inbox.ts';
import type { OrderAnswer } from './messages.ts';
import * as messages from './messages.ts';
import { refusalIn } from './order-commands.ts';
import type { OrderRecord } from './order-record.ts';

/** What a connected account can take now, told by its workflow. */
interface AccountNews {
  readonly type: 'account_notice';
  readonly notice: AccountNotice;
}

/** What the order has to do next. */
export type OrderWork = Work<Command, StripeNews | AccountNews>;
type OrderInbox = Inbox<Command, OrderAnswer, StripeNews | AccountNews>;

/** All messages that an order takes. */
export function openOrderInbox(record: OrderRecord): OrderInbox {
  const inbox: OrderInbox = new Inbox(record, (command) => refusalOf(record, command));
  const { terms, authorize } = record.input;
  inbox.begins(messages.authorizeUpdate, authorize, { kind: 'order', id: terms.id });
  inbox.begins(messages.adoptUpdate, authorize, { kind: 'order', id: terms.id });

  inbox.takes(messages.confirmUpdate, (message) => ({ ...message, kind: 'confirm' }));
  inbox.takes(messages.captureUpdate, (message) => ({ ...message, kind: 'capture' }));
  inbox.takes(messages.cancelUpdate, (message) => ({ ...message, kind: 'cancel' }));
  inbox.takes(messages.refundUpdate, (message) => ({ ...message, kind: 'refund' }));
  inbox.takes(messages.transferUpdate, (message) => ({ ...message, kind: 'transfer' }));
  inbox.takes(messages.incrementUpdate, (message) => ({ ...message, kind: 'increment' }));
  inbox.takes(messages.submitEvidenceUpdate, (message) => ({ ...message, kind: 'submit_evidence' }));
  inbox.takes(messages.acceptDisputeUpdate, (message) => ({ ...message, kind: 'accept_dispute' }));
  inbox.takes(messages.resolveUpdate, (message) => ({ ...message, kind: 'resolve' }));

  inbox.takesSignal(messages.captureSignal, (raw) => commandFromSignal('capture', raw));
  inbox.takesSignal(messages.cancelSignal, (raw) => commandFromSignal('cancel', raw));
  inbox.takesSignal(messages.refundSignal, (raw) => commandFromSignal('refund', raw));
  inbox.takesSignal(messages.transferSignal, (raw) => commandFromSignal('transfer', raw));
  inbox.takesSignal(messages.incrementSignal, (raw) => commandFromSignal('increment', raw));
  inbox.takesSignal(messages.acceptDisputeSignal, (raw) => commandFromSignal('accept_dispute', raw));
  inbox.takesSignal(messages.resolveSignal, (raw) => commandFromSignal('resolve', raw));

  inbox.hearsStripe({ type: 'stripe_event' });
  setHandler(messages.accountNoticeSignal, (raw) => {
    const notice = accountNoticeFrom(raw);
    if (notice) inbox.push({ type: 'account_notice', notice });
    else record.noteRefusedSignal(messages.accountNoticeSignal.name, null, 'It tells nothing of an account.');
  });
  setHandler(messages.announceSignal, () => {
    record.announced = { ...record.announced, wanted: true };
  });

  setHandler(messages.orderQuery, () => record.order);
  setHandler(messages.memoryQuery, () => record.memory);
  return inbox;
}

function refusalOf(record: OrderRecord, command: Command): Problem | null {
  if (record.isClosed) {
    const { status } = record.order.payment;
    return problem('state_conflict', `This order is ${status}; nothing more can happen to it.`);
  }
  return record.isUnread ? null : refusalIn(record, command);
}
