import { continueAsNew } from '@temporalio/workflow';
import type { Brief } from '../../contract/brief.ts';
import { brief, whole } from '../../contract/brief.ts';
import type { OrderInput } from '../../contract/orders.ts';
import { USUAL_ORDER_INPUT } from '../../contract/usual-order.ts';
import { ORDER_INPUT } from '../../domain/commands/workflow-input.ts';
import type { Order } from '../../domain/orders/order.ts';
import { runEntity } from '../entity/command-loop.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Carried } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { authorize, handleCommand } from './handle-order-command.ts';
import { adopt } from './order-adoption.ts';
import type { OrderWork } from './order-inbox.ts';
import { openOrderInbox } from './order-inbox.ts';
import { refreshFromStripe } from './order-reading.ts';
import type { OrderSnapshot } from './order-record.ts';
import { OrderRecord } from './order-record.ts';
import { orderTimers } from './order-timers.ts';
import { viewOfOrder } from './order-visibility.ts';

/**
 * One order's payment: authorized or adopted, then one command or timer after the other, until nothing more can happen
 * to its money. Fails only if Stripe refused to create it: nothing of it exists, and its id may be used again.
 */
export async function order(
  asked: Brief<OrderInput>,
  carried?: Carried<OrderSnapshot, OrderWork>,
): Promise<Order> {
  const input = whole(asked, USUAL_ORDER_INPUT);
  refuseNonsense(input, ORDER_INPUT);
  const record = new OrderRecord(upgraded(input), carried && upgrade('order', carried));
  const inbox = openOrderInbox(record);
  if (carried) inbox.takeOver(carried.waiting);

  await runEntity(record, inbox, {
    begin: carried ? null : () => (input.adopt ? adopt(record, input.adopt) : authorize(record)),
    handle: (work) => handle(record, work),
    timers: () => orderTimers(record),
    view: () => viewOfOrder(record.order, input.policy),
    continueAsNew: (waiting) =>
      continueAsNew<typeof order>(brief(withoutMemory(input), USUAL_ORDER_INPUT), {
        ...record.snapshot(),
        waiting,
      }),
  });
  return record.order;
}

function upgraded(input: OrderInput): OrderInput {
  const { adopt } = input;
  return adopt?.memory
    ? { ...input, adopt: { ...adopt, memory: upgrade('order_memory', adopt.memory) } }
    : input;
}

/** The snapshot has the memory; a second copy would be carried forever. */
function withoutMemory(input: OrderInput): OrderInput {
  return input.adopt ? { ...input, adopt: { ...input.adopt, memory: null } } : input;
}

async function handle(record: OrderRecord, work: OrderWork): Promise<void> {
  switch (work.type) {
    case 'command':
      return handleCommand(record, work.command);
    case 'stripe_event':
      return refreshFromStripe(record);
    case 'account_notice':
      return record.noteAccount(work.notice);
  }
}
