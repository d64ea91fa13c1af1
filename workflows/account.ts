import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import type { Account } from '../domain/account.ts';
import { COMMAND_REFUSED } from '../domain/errors.ts';
import { nextAccountAlarm, readAgain, tellOpenOrders } from './account-alarms.ts';
import { beginAccount, carryOutForAccount, leaveReference } from './account-commands.ts';
import { openAccountInbox } from './account-inbox.ts';
import type { AccountSnapshot } from './account-record.ts';
import { AccountRecord } from './account-record.ts';
import { createAccountShow } from './account-visibility.ts';
import type { AccountInput } from './messages.ts';
import { workflowNow } from './time.ts';

/**
 * The life of one connected account: it is made or connected, is followed through onboarding and whatever Stripe requires
 * later, and carries out one command after the other, until it is rejected or disconnected. Ends as failed only if Stripe
 * refused to make it, so that its reference may be used again.
 */
export async function account(input: AccountInput, carried?: AccountSnapshot): Promise<Account> {
  const record = new AccountRecord(input, carried);
  const inbox = openAccountInbox(record);
  const show = createAccountShow();

  return CancellationScope.nonCancellable(async () => {
    if (!carried) await beginAccount(record);
    await leaveReference(record);
    show(record.account);

    while (!record.isClosed || !inbox.isEmpty()) {
      const alarm = nextAccountAlarm(record);
      const work = await inbox.next(alarm && alarm.at - workflowNow());
      switch (work.type) {
        case 'command':
          await carryOutForAccount(record, work.command);
          break;
        case 'stripe_event':
          await readAgain(record);
          break;
        case 'alarm':
          await alarm?.ring();
          break;
      }
      await leaveReference(record);
      show(record.account);
      await tellOpenOrders(record);
      if (!record.isClosed && workflowInfo().continueAsNewSuggested) {
        // The handler of the command just settled has still to answer; unless another came, nothing is left then.
        await condition(() => allHandlersFinished() || !inbox.isEmpty());
        if (inbox.isEmpty()) await continueAsNew<typeof account>(input, record.snapshot());
      }
    }

    await condition(allHandlersFinished);
    if (record.refusal) {
      throw ApplicationFailure.nonRetryable(record.refusal.detail, COMMAND_REFUSED, record.refusal);
    }
    return record.account;
  });
}
