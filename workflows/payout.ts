import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import { COMMAND_REFUSED } from '../domain/errors.ts';
import type { Payout } from '../domain/payout.ts';
import type { PayoutInput } from './messages.ts';
import { lookAgain, nextPayoutAlarm } from './payout-alarms.ts';
import { carryOutOnPayout, createPayout } from './payout-commands.ts';
import { openPayoutInbox } from './payout-inbox.ts';
import type { PayoutSnapshot } from './payout-record.ts';
import { PayoutRecord } from './payout-record.ts';
import { createPayoutShow } from './payout-visibility.ts';
import { workflowNow } from './time.ts';

/**
 * The life of one payout out of a connected account's balance: waits for funds if it was told to, is created, and is
 * watched until its bank has it for good or has given it back. Ends as failed only if Stripe refused it, so that nothing
 * of it exists.
 */
export async function payout(input: PayoutInput, carried?: PayoutSnapshot): Promise<Payout> {
  const record = new PayoutRecord(input, carried);
  const inbox = openPayoutInbox(record);
  const show = createPayoutShow();

  return CancellationScope.nonCancellable(async () => {
    if (!carried) {
      record.begin('pay_out', input.payOut);
      await createPayout(record, input.payOut);
    }
    show(record.payout);

    while (!record.isOver || !inbox.isEmpty()) {
      const alarm = nextPayoutAlarm(record);
      const work = await inbox.next(alarm && alarm.at - workflowNow());
      switch (work.type) {
        case 'command':
          await carryOutOnPayout(record, work.command);
          break;
        case 'stripe_event':
          await lookAgain(record);
          break;
        case 'alarm':
          await alarm?.ring();
          break;
      }
      show(record.payout);
      if (workflowInfo().continueAsNewSuggested && inbox.isEmpty() && allHandlersFinished()) {
        await continueAsNew<typeof payout>(input, record.snapshot());
      }
    }

    await condition(allHandlersFinished);
    if (record.refusal) {
      throw ApplicationFailure.nonRetryable(record.refusal.detail, COMMAND_REFUSED, record.refusal);
    }
    return record.payout;
  });
}
