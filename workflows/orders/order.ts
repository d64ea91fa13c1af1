import { continueAsNew } from '@temporalio/workflow';
import type { OrderInput } from '../../contract/orders.ts';
import { ORDER_INPUT } from '../../domain/commands/workflow-input.ts';
import type { Order } from '../../domain/orders/order.ts';
import { runEntity } from '../entity/command-loop.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import { createShow } from '../entity/show.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { adopt } from './order-adoption.ts';
import { authorize, handleCommand } from './order-commands.ts';
import type { OrderWork } from './order-inbox.ts';
import { openOrderInbox } from './order-inbox.ts';
import { publishEvents } from './order-publishing.ts';
import { refreshFromStripe } from './order-reading.ts';
import type { OrderSnapshot } from './order-record.ts';
import { OrderRecord } from './order-record.ts';
import { nextTimer } from './order-timers.ts';
import { viewOfOrder } from './order-visibility.ts';

/**
 * The life of one order's payment: it is authorized, or one that exists is taken over; then it carries out one command
 * after the other and its timers, until nothing more can happen to its money. Ends as failed only if Stripe
 * refused to create it, so that nothing of it exists and its id may be used again.
 */
export async function order(input: OrderInput, carried?: Versioned<OrderSnapshot>): Promise<Order> {
  refuseNonsense(input, ORDER_INPUT);
  const record = new OrderRecord(upgraded(input), carried && upgrade('order', carried));
  const inbox = openOrderInbox(record);
  const show = createShow(viewOfOrder);
  record.whenDelayed = () => show(record.order);

  await runEntity(record, inbox, {
    begin: carried ? null : () => (input.adopt ? adopt(record, input.adopt) : authorize(record)),
    nextTimer: () => nextTimer(record),
    handle: (work) => carryOutOnOrder(record, work),
    publish: async () => {
      show(record.order);
      await publishEvents(record, () => inbox.push({ type: 'handed_over' }));
    },
    continueAsNew: () => continueAsNew<typeof order>(withoutMemory(input), record.snapshot()),
  });
  return record.order;
}

function upgraded(input: OrderInput): OrderInput {
  const { adopt } = input;
  return adopt?.memory
    ? { ...input, adopt: { ...adopt, memory: upgrade('order_memory', adopt.memory) } }
    : input;
}

/** The snapshot has all that was remembered, and a second copy would come along for life. */
function withoutMemory(input: OrderInput): OrderInput {
  return input.adopt ? { ...input, adopt: { ...input.adopt, memory: null } } : input;
}

async function carryOutOnOrder(record: OrderRecord, work: OrderWork): Promise<void> {
  switch (work.type) {
    case 'command':
      return handleCommand(record, work.command);
    case 'stripe_event':
      return refreshFromStripe(record);
    case 'account_notice':
      return record.noteAccount(work.notice);
    case 'handed_over':
      return;
  }
}
