import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import { COMMAND_REFUSED } from '../domain/errors.ts';
import type { Order } from '../domain/order.ts';
import type { OrderInput } from './messages.ts';
import { adopt } from './order-adoption.ts';
import { nextAlarm } from './order-alarms.ts';
import { tellSubscribers } from './order-announcing.ts';
import { authorize, carryOut } from './order-commands.ts';
import { openInbox } from './order-inbox.ts';
import { hear } from './order-reading.ts';
import type { OrderSnapshot } from './order-record.ts';
import { OrderRecord } from './order-record.ts';
import { createOrderShow } from './order-visibility.ts';
import { workflowNow } from './time.ts';

/**
 * The life of one order's payment: it is authorized, or one that exists is taken over; then it carries out one command
 * after the other and what is due by itself, until nothing more can happen to its money. Ends as failed only if Stripe refused to create it, so that
 * nothing of it exists and its id may be used again.
 */
export async function order(input: OrderInput, carried?: OrderSnapshot): Promise<Order> {
  const record = new OrderRecord(input, carried);
  const inbox = openInbox(record);
  const show = createOrderShow();

  // A cancel request to the workflow must not stop it between two halves of a payment; orders are canceled by command.
  return CancellationScope.nonCancellable(async () => {
    if (!carried) await (input.adopt ? adopt(record, input.adopt) : authorize(record));
    show(record.order);
    await tellSubscribers(record);

    while (!record.isClosed || !inbox.isEmpty()) {
      const alarm = nextAlarm(record);
      const work = await inbox.next(alarm && alarm.at - workflowNow());
      switch (work.type) {
        case 'command':
          await carryOut(record, work.command);
          break;
        case 'stripe_event':
          await hear(record);
          break;
        case 'account_notice':
          record.noteAccount(work.notice);
          break;
        case 'alarm':
          await alarm?.ring();
          break;
      }
      show(record.order);
      await tellSubscribers(record);
      if (!record.isClosed && workflowInfo().continueAsNewSuggested) {
        // The handler of the command just settled has still to answer; unless another came, nothing is left then.
        await condition(() => allHandlersFinished() || !inbox.isEmpty());
        if (inbox.isEmpty()) await continueAsNew<typeof order>(input, record.snapshot());
      }
    }

    await condition(allHandlersFinished);
    if (record.refusal)
      throw ApplicationFailure.nonRetryable(record.refusal.detail, COMMAND_REFUSED, record.refusal);
    return record.order;
  });
}
