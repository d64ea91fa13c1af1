import { setHandler } from '@temporalio/workflow';
import { cancelSignal, resolveSignal } from '../../contract/orders.ts';
import type { PayoutAnswer } from '../../contract/payouts.ts';
import {
  cancelPayoutUpdate,
  payOutUpdate,
  payoutQuery,
  resolvePayoutUpdate,
} from '../../contract/payouts.ts';
import { commandFromSignal } from '../../domain/commands/signals.ts';
import { refusalOfPayoutCommand } from '../../domain/payouts/payout.ts';
import type { StripeNews } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import type { PayoutCommand, PayoutRecord } from './payout-record.ts';

type PayoutInbox = Inbox<PayoutCommand, PayoutAnswer, StripeNews>;

/** All messages that a payout takes. */
export function openPayoutInbox(record: PayoutRecord): PayoutInbox {
  const inbox: PayoutInbox = new Inbox(record, (command) => refusalOfPayoutCommand(record.payout, command));
  const { terms, payOut } = record.input;
  inbox.begins(payOutUpdate, payOut, { kind: 'payout', id: terms.id });
  inbox.takes(cancelPayoutUpdate, (message) => ({ ...message, kind: 'cancel' }));
  inbox.takes(resolvePayoutUpdate, (message) => ({ ...message, kind: 'resolve' }));
  inbox.takesSignal(cancelSignal, (raw) => commandFromSignal('cancel', raw));
  inbox.takesSignal(resolveSignal, (raw) => commandFromSignal('resolve', raw));
  inbox.onStripeEvent({ type: 'stripe_event' });
  setHandler(payoutQuery, () => record.payout);
  return inbox;
}
