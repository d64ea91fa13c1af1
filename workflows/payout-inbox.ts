import { setHandler } from '@temporalio/workflow';
import { refusalOfPayoutCommand } from '../domain/payout.ts';
import { commandFromSignal } from '../domain/signals.ts';
import type { StripeNews } from './inbox.ts';
import { Inbox } from './inbox.ts';
import type { PayoutAnswer } from './messages.ts';
import * as messages from './messages.ts';
import type { PayoutCommand, PayoutRecord } from './payout-record.ts';

type PayoutInbox = Inbox<PayoutCommand, PayoutAnswer, StripeNews>;

/** All messages that a payout takes. */
export function openPayoutInbox(record: PayoutRecord): PayoutInbox {
  const inbox: PayoutInbox = new Inbox(record, (command) => refusalOfPayoutCommand(record.payout, command));
  const { terms, payOut } = record.input;
  inbox.begins(messages.payOutUpdate, payOut, { kind: 'payout', id: terms.id });
  inbox.takes(messages.cancelPayoutUpdate, (message) => ({ ...message, kind: 'cancel' }));
  inbox.takes(messages.resolvePayoutUpdate, (message) => ({ ...message, kind: 'resolve' }));
  inbox.takesSignal(messages.cancelSignal, (raw) => commandFromSignal('cancel', raw));
  inbox.takesSignal(messages.resolveSignal, (raw) => commandFromSignal('resolve', raw));
  inbox.hearsStripe({ type: 'stripe_event' });
  setHandler(messages.payoutQuery, () => record.payout);
  return inbox;
}
