import type { Stake } from '../commands/approval.ts';
import type { Order } from './order.ts';
import { amountRefundable, amountRefunded, orderAmount } from './order.ts';
import type { OrderCommandBody } from './order-command-table.ts';

/** The money that a command would move, or that a decision would write off unseen; null: none that a second person has to see. */
export function stakeOf(order: Order, command: OrderCommandBody): Stake | null {
  const { currency } = order.terms;
  switch (command.kind) {
    case 'refund': {
      const amount = command.amount ?? amountRefundable(order);
      return { what: 'refund', amount, currency, total: amountRefunded(order) + amount };
    }
    case 'transfer':
      return transferred(order, command.amount);
    case 'resolve': {
      if (command.action !== 'mark_done') return null;
      const amount = orderAmount(order);
      return { what: 'mark_done', amount, currency, total: amount };
    }
    case 'confirm':
    case 'capture':
    case 'increment':
    case 'update':
    case 'cancel':
    case 'reverse_transfer':
    case 'submit_evidence':
    case 'accept_dispute':
      return null;
  }
}

/** The same command with its amount decided: what was approved is what is done. */
export function withAmount<Command extends OrderCommandBody>(command: Command, { amount }: Stake): Command {
  return command.kind === 'refund' ? { ...command, amount } : command;
}

function transferred({ payment, transfers, terms }: Order, amount: number): Stake {
  const settlement = payment.status === 'captured' ? payment.settlement : null;
  const currency = settlement?.currency ?? terms.currency;
  const before = transfers.filter((transfer) => transfer.currency === currency);
  return { what: 'transfer', amount, currency, total: before.reduce((sum, one) => sum + one.amount, amount) };
}
