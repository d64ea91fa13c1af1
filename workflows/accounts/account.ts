import { continueAsNew } from '@temporalio/workflow';
import type { AccountInput } from '../../contract/accounts.ts';
import type { Account } from '../../domain/accounts/account.ts';
import { ACCOUNT_INPUT } from '../../domain/commands/workflow-input.ts';
import { runEntity } from '../entity/command-loop.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { createShow } from '../entity/show.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { beginAccount, handleAccountCommand, storeReference } from './account-commands.ts';
import { openAccountInbox } from './account-inbox.ts';
import type { AccountSnapshot } from './account-record.ts';
import { AccountRecord } from './account-record.ts';
import { nextAccountTimer, readAgain, signalOpenOrders } from './account-timers.ts';
import { viewOfAccount } from './account-visibility.ts';

/**
 * The life of one connected account: it is made or connected, is followed through onboarding and whatever Stripe requires
 * later, and carries out one command after the other, until it is rejected or disconnected. Ends as failed only if Stripe
 * refused to make it, so that its reference may be used again.
 */
export async function account(input: AccountInput, carried?: Versioned<AccountSnapshot>): Promise<Account> {
  refuseNonsense(input, ACCOUNT_INPUT);
  const record = new AccountRecord(input, carried && upgrade('account', carried));
  const inbox = openAccountInbox(record);
  const show = createShow(viewOfAccount);
  record.whenDelayed = () => show(record.account);

  await runEntity(record, inbox, {
    begin: carried ? null : () => beginAccount(record),
    nextTimer: () => nextAccountTimer(record),
    handle: (work) =>
      work.type === 'command' ? handleAccountCommand(record, work.command) : readAgain(record),
    publish: async () => {
      await storeReference(record);
      show(record.account);
      await signalOpenOrders(record);
    },
    continueAsNew: () => continueAsNew<typeof account>(input, record.snapshot()),
  });
  return record.account;
}
