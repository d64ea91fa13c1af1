import { setHandler } from '@temporalio/workflow';
import { payOutUpdate, payoutQuery } from '../../contract/payouts.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import type { PayoutCommand } from '../../domain/payouts/payout-command-table.ts';
import { PAYOUT_COMMANDS } from '../../domain/payouts/payout-command-table.ts';
import { refusalOfPayoutCommand } from '../../domain/payouts/payout-refusals.ts';
import type { StripeNews, Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import type { PayoutRecord } from './payout-record.ts';

/** What the payout has to do next. */
export type PayoutWork = Work<PayoutCommand, StripeNews>;
type PayoutInbox = Inbox<PayoutCommand, Payout, StripeNews>;

/** All messages that a payout takes. */
export function openPayoutInbox(record: PayoutRecord): PayoutInbox {
  const inbox: PayoutInbox = new Inbox(record, (command) => refusalOfPayoutCommand(record.payout, command));
  const { terms, payOut } = record.input;
  inbox.begins(payOutUpdate, payOut, { kind: 'payout', id: terms.id });
  inbox.takes(PAYOUT_COMMANDS);
  inbox.onStripeEvent({ type: 'stripe_event' });
  setHandler(payoutQuery, () => record.payout, { description: 'The payout, as its workflow knows it' });
  return inbox;
}
