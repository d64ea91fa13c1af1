import { setHandler } from '@temporalio/workflow';
import { accountQuery, beginAccountUpdate } from '../../contract/accounts.ts';
import type { Account } from '../../domain/accounts/account.ts';
import type { AccountCommand } from '../../domain/accounts/account-command-table.ts';
import { ACCOUNT_COMMANDS } from '../../domain/accounts/account-command-table.ts';
import { refusalOfAccountCommand } from '../../domain/accounts/account-refusals.ts';
import type { StripeNews, Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import type { AccountRecord } from './account-record.ts';

/** What the account has to do next. */
export type AccountWork = Work<AccountCommand, StripeNews>;
type AccountInbox = Inbox<AccountCommand, Account, StripeNews>;

/** All messages that an account takes. */
export function openAccountInbox(record: AccountRecord): AccountInbox {
  const inbox: AccountInbox = new Inbox(record, (command) =>
    refusalOfAccountCommand(record.account, command),
  );
  const { reference, begin } = record.input;
  inbox.begins(beginAccountUpdate, begin, { kind: 'account', id: reference });
  inbox.takes(ACCOUNT_COMMANDS);
  inbox.onStripeEvent({ type: 'stripe_event' });
  setHandler(accountQuery, () => record.account, { description: 'The account, as its workflow knows it' });
  return inbox;
}
