import { continueAsNew, setHandler } from '@temporalio/workflow';
import type { AccountInput } from '../../contract/accounts.ts';
import { accountQuery, beginAccountUpdate } from '../../contract/accounts.ts';
import type { Account } from '../../domain/accounts/account.ts';
import type { AccountCommand } from '../../domain/accounts/account-command-table.ts';
import { ACCOUNT_COMMANDS } from '../../domain/accounts/account-command-table.ts';
import { refusalOfAccountCommand } from '../../domain/accounts/account-refusals.ts';
import { ACCOUNT_INPUT } from '../../domain/commands/workflow-input.ts';
import { accountWorkflowId } from '../../domain/ids.ts';
import { runEntity } from '../entity/command-loop.ts';
import type { StripeNews, Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import { refuseCopy, refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Carried } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import type { AccountSnapshot } from './account-record.ts';
import { AccountRecord } from './account-record.ts';
import { accountTimers, readAgain, signalOpenOrders } from './account-timers.ts';
import { viewOfAccount } from './account-visibility.ts';
import { beginAccount, handleAccountCommand, storeReference } from './handle-account-command.ts';

/** What the account has to do next. */
type AccountWork = Work<AccountCommand, StripeNews>;
type AccountInbox = Inbox<AccountCommand, Account, StripeNews>;

/**
 * One connected account: created, connected or adopted, then followed through onboarding and later requirements, one
 * command after the other, until it is rejected or disconnected. Fails only if Stripe refused to create it: its
 * reference may be used again.
 */
export async function account(
  input: AccountInput,
  carried?: Carried<AccountSnapshot, AccountWork>,
): Promise<Account> {
  refuseNonsense(input, ACCOUNT_INPUT);
  refuseCopy(accountWorkflowId(input.reference), 'reference');
  const record = new AccountRecord(input, carried && upgrade('account', carried));
  const inbox = openAccountInbox(record);
  if (carried) inbox.takeOver(carried.waiting);

  await runEntity(record, inbox, {
    begin: carried ? null : () => beginAccount(record),
    handle: (work) =>
      work.type === 'command' ? handleAccountCommand(record, work.command) : readAgain(record),
    timers: () => accountTimers(record),
    followUp: () => storeReference(record),
    view: () => viewOfAccount(record.account),
    afterwards: () => signalOpenOrders(record),
    continueAsNew: (waiting) => continueAsNew<typeof account>(input, { ...record.snapshot(), waiting }),
  });
  return record.account;
}

/** It exists, and Stripe has not said yet what it is. */
function waitsForFirstReading({ input, account: { connection } }: AccountRecord, { kind }: AccountCommand) {
  return input.origin.kind === 'adopt' && connection === 'pending' && kind !== 'resolve';
}

/** All messages that an account takes. */
function openAccountInbox(record: AccountRecord): AccountInbox {
  const inbox: AccountInbox = new Inbox(record, (command) =>
    waitsForFirstReading(record, command) ? null : refusalOfAccountCommand(record.account, command),
  );
  const { reference, begin } = record.input;
  inbox.begins(beginAccountUpdate, begin, { kind: 'account', id: reference });
  inbox.takes(ACCOUNT_COMMANDS);
  inbox.onStripeEvent({ type: 'stripe_event' });
  setHandler(accountQuery, () => record.account, { description: 'The account, as its workflow knows it' });
  return inbox;
}
