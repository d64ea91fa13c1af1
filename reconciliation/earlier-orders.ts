import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import type { Order } from '../domain/orders/order.ts';
import type { Owner, Transaction } from '../domain/reconciliation/balance-transactions.ts';
import { beganSince } from './orders.ts';
import { transactionsOfOrder } from './transactions.ts';

/** Milliseconds since the epoch. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Orders that began before a span and whose money moved in it, as by a late dispute: lists of orders that began do not
 * have them. Each is met once, at the newest of its transactions. For one page of them, as {@link Owners} is.
 */
export class EarlierOrders {
  readonly #stripe: Stripe;
  readonly #temporal: Client;
  readonly #span: Span;
  readonly #transactions = new Map<string, Promise<readonly Transaction[] | null>>();

  constructor(stripe: Stripe, temporal: Client, span: Span) {
    this.#stripe = stripe;
    this.#temporal = temporal;
    this.#span = span;
  }

  /** The order with all its transactions; null: it is no such order, or is met elsewhere. */
  async metAt(
    { id }: Transaction,
    owner: Owner,
  ): Promise<{ order: Order; transactions: readonly Transaction[] } | null> {
    if (owner.kind !== 'order' || typeof owner.order === 'string') return null;
    const { order, orderId } = owner;
    if (order.createdAt >= this.#span.from) return null;
    const read = this.#transactions.get(orderId) ?? this.#read(order);
    this.#transactions.set(orderId, read);
    const transactions = await read;
    return transactions && newestBefore(this.#span.to, transactions) === id ? { order, transactions } : null;
  }

  /** Null: it continued, or was reopened, in a run that began in the span. */
  async #read(order: Order): Promise<readonly Transaction[] | null> {
    const isOfTheSpan = await beganSince(this.#temporal, order.terms.id, this.#span.from);
    return isOfTheSpan ? null : transactionsOfOrder(this.#stripe, order);
  }
}

function newestBefore(to: number, transactions: readonly Transaction[]): string | undefined {
  const newestFirst = (one: Transaction, other: Transaction) =>
    other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1);
  return transactions.filter(({ createdAt }) => createdAt < to).toSorted(newestFirst)[0]?.id;
}
