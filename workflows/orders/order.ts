import { continueAsNew, setHandler } from '@temporalio/workflow';
import type { Brief } from '../../contract/brief.ts';
import { brief, whole } from '../../contract/brief.ts';
import type { OrderInput } from '../../contract/orders.ts';
import {
  accountNoticeSignal,
  adoptUpdate,
  authorizeUpdate,
  memoryQuery,
  orderQuery,
} from '../../contract/orders.ts';
import { USUAL_ORDER_INPUT } from '../../contract/usual-order.ts';
import { ORDER_INPUT } from '../../domain/commands/workflow-input.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { accountNoticeFrom } from '../../domain/orders/account-notice.ts';
import { effectOf } from '../../domain/orders/effects.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { OrderCommand } from '../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { runEntity } from '../entity/command-loop.ts';
import type { StripeNews, Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import { refuseCopy, refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Carried } from '../shared/snapshots.ts';
import { upgrade } from '../shared/snapshots.ts';
import { adopt, authorize } from './begin-order.ts';
import { handleOrderCommand, refusalIn } from './handle-order-command.ts';
import { refreshFromStripe } from './order-reading.ts';
import type { OrderSnapshot } from './order-record.ts';
import { OrderRecord } from './order-record.ts';
import { orderTimers } from './order-timers.ts';
import { viewOfOrder } from './order-visibility.ts';

/** What a connected account can take now, sent by its workflow. */
interface AccountNews {
  readonly type: 'account_notice';
  readonly notice: AccountNotice;
}

type OrderFact = StripeNews | AccountNews;

/** What the order has to do next. */
type OrderWork = Work<OrderCommand, OrderFact>;
type OrderInbox = Inbox<OrderCommand, Order, OrderFact>;

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
  refuseCopy(orderWorkflowId(input.terms.id), 'terms.id');
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
      return handleOrderCommand(record, work.command);
    case 'stripe_event':
      return refreshFromStripe(record);
    case 'account_notice':
      return record.noteAccount(work.notice);
  }
}

/** All messages that an order takes. */
function openOrderInbox(record: OrderRecord): OrderInbox {
  const inbox: OrderInbox = new Inbox(record, (command) => refusalOf(record, command));
  const { firstCommand } = record;
  const { terms } = record.input;
  inbox.begins(authorizeUpdate, firstCommand, { kind: 'order', id: terms.id });
  inbox.begins(adoptUpdate, firstCommand, { kind: 'order', id: terms.id });

  inbox.takes(ORDER_COMMANDS);
  inbox.onStripeEvent({ type: 'stripe_event' }, (eventType) => record.noteStripeEvent(eventType));
  const onNotice = (raw: unknown) => {
    const notice = accountNoticeFrom(raw);
    if (notice) inbox.push({ type: 'account_notice', notice });
    else record.noteRefusedSignal(accountNoticeSignal.name, null, 'It is not a notice about an account.');
  };
  setHandler(accountNoticeSignal, onNotice, { description: 'Internal: the account may charge, or no more' });

  setHandler(orderQuery, () => record.order, { description: 'The order, as its workflow knows it' });
  setHandler(memoryQuery, () => record.memory, { description: 'Internal: what a reopened order needs' });
  return inbox;
}

function refusalOf(record: OrderRecord, command: OrderCommand): Problem | null {
  if (record.isFinal) {
    const { status } = record.order.payment;
    return problem('state_conflict', `This order is ${status} and cannot change any more.`);
  }
  // What it made long ago, and this workflow does not remember, may be why the state does not allow it now.
  const mayBeDone = record.isUnread || effectOf(record.order, command) !== null;
  return mayBeDone ? null : refusalIn(record, command);
}
