import { continueAsNew } from '@temporalio/workflow';
import type { AccountInput } from '../../contract/accounts.ts';
import type { Account } from '../../domain/accounts/account.ts';
import { ACCOUNT_INPUT } from '../../domain/commands/workflow-input.ts';
import { runEntity } from '../entity/command-loop.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Carried } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import type { AccountWork } from './account-inbox.ts';
import { openAccountInbox } from './account-inbox.ts';
import type { AccountSnapshot } from './account-record.ts';
import { AccountRecord } from './account-record.ts';
import { accountTimers, readAgain, signalOpenOrders } from './account-timers.ts';
import { viewOfAccount } from './account-visibility.ts';
import { beginAccount, handleAccountCommand, storeReference } from './handle-account-command.ts';

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
