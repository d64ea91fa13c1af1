import { setHandler } from '@temporalio/workflow';
import type { AccountAnswer } from '../../contract/accounts.ts';
import { accountCommandUpdate, accountQuery, beginAccountUpdate } from '../../contract/accounts.ts';
import { resolveSignal } from '../../contract/orders.ts';
import type { AccountCommand } from '../../domain/accounts/account-commands.ts';
import { malformedAccountCommand, refusalOfAccountCommand } from '../../domain/accounts/account-commands.ts';
import { commandFromSignal } from '../../domain/commands/signals.ts';
import type { StripeNews } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import type { AccountRecord } from './account-record.ts';

type AccountInbox = Inbox<AccountCommand, AccountAnswer, StripeNews>;

/** All messages that an account takes. */
export function openAccountInbox(record: AccountRecord): AccountInbox {
  const inbox: AccountInbox = new Inbox(record, (command) =>
    refusalOfAccountCommand(record.account, command),
  );
  const { reference, begin } = record.input;
  inbox.begins(beginAccountUpdate, begin, { kind: 'account', id: reference });
  inbox.takes(accountCommandUpdate, (command) => command, malformedAccountCommand);
  inbox.takesSignal(resolveSignal, (raw) => commandFromSignal('resolve', raw));
  inbox.onStripeEvent({ type: 'stripe_event' });
  setHandler(accountQuery, () => record.account);
  return inbox;
}
