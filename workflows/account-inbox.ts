import { setHandler } from '@temporalio/workflow';
import type { AccountCommand } from '../domain/account-commands.ts';
import { malformedAccountCommand, refusalOfAccountCommand } from '../domain/account-commands.ts';
import { commandFromSignal } from '../domain/signals.ts';
import type { AccountRecord } from './account-record.ts';
import type { StripeNews } from './inbox.ts';
import { Inbox } from './inbox.ts';
import type { AccountAnswer } from './messages.ts';
import * as messages from './messages.ts';

type AccountInbox = Inbox<AccountCommand, AccountAnswer, StripeNews>;

/** All messages that an account takes. */
export function openAccountInbox(record: AccountRecord): AccountInbox {
  const inbox: AccountInbox = new Inbox(record, (command) =>
    refusalOfAccountCommand(record.account, command),
  );
  const { reference, begin } = record.input;
  inbox.begins(messages.beginAccountUpdate, begin, { kind: 'account', id: reference });
  inbox.takes(messages.accountCommandUpdate, (command) => command, malformedAccountCommand);
  inbox.takesSignal(messages.resolveSignal, (raw) => commandFromSignal('resolve', raw));
  inbox.hearsStripe({ type: 'stripe_event' });
  setHandler(messages.accountQuery, () => record.account);
  return inbox;
}
