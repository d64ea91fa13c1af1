import { setHandler } from '@temporalio/workflow';
import {
  accountNoticeSignal,
  adoptUpdate,
  authorizeUpdate,
  memoryQuery,
  orderQuery,
} from '../../contract/orders.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { accountNoticeFrom } from '../../domain/orders/account-notice.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { OrderCommand } from '../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import type { StripeNews, Work } from '../entity/inbox.ts';
import { Inbox } from '../entity/inbox.ts';
import { refusalIn } from './handle-order-command.ts';
import type { OrderRecord } from './order-record.ts';

/** What a connected account can take now, sent by its workflow. */
interface AccountNews {
  readonly type: 'account_notice';
  readonly notice: AccountNotice;
}

type OrderFact = StripeNews | AccountNews;

/** What the order has to do next. */
export type OrderWork = Work<OrderCommand, OrderFact>;
type OrderInbox = Inbox<OrderCommand, Order, OrderFact>;

/** All messages that an order takes. */
export function openOrderInbox(record: OrderRecord): OrderInbox {
  const inbox: OrderInbox = new Inbox(record, (command) => refusalOf(record, command));
  const { firstCommand } = record;
  const { terms } = record.input;
  inbox.begins(authorizeUpdate, firstCommand, { kind: 'order', id: terms.id });
  inbox.begins(adoptUpdate, firstCommand, { kind: 'order', id: terms.id });

  inbox.takes(ORDER_COMMANDS);
  inbox.onStripeEvent({ type: 'stripe_event' });
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
  if (record.isClosed) {
    const { status } = record.order.payment;
    return problem('state_conflict', `This order is ${status} and cannot change any more.`);
  }
  return record.isUnread ? null : refusalIn(record, command);
}
