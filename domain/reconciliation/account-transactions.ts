import type { Balances } from '../money/money.ts';
import type { Order } from '../orders/order.ts';
import type { Owner, Transaction, Verdict } from './balance-transactions.ts';
import { classifyTransaction, objectsOf, unexplained } from './balance-transactions.ts';

/** What moved money between the platform and a connected account, by Stripe's id. */
export interface PlatformMovement {
  readonly kind: 'transfer' | 'transfer_reversal' | 'fee_refund';
  readonly id: string;
}

/**
 * Every line of a connected account's balance is what its order says of it, or has a reason. What came from the platform has a
 * line there too, which shows what nobody knows: here it would count twice.
 */
export function classifyAccountTransaction(
  transaction: Transaction,
  owner: Owner,
  movement: PlatformMovement | null,
): Verdict {
  if (owner.kind === 'unexpanded' || owner.kind === 'other_balance') {
    return classifyTransaction(transaction, owner);
  }
  if (owner.kind === 'platform' || movement === null) return ofItsOwn(transaction);
  if (owner.kind === 'order' && typeof owner.order !== 'string') {
    const { order, orderId, isMarked } = owner;
    const part = connectedPartOf(order, movement, transaction.currency);
    if (part === 'unknown') {
      return isMarked
        ? { standing: 'explained', reason: 'looked_at' }
        : unexplained('unknown_to_order', orderId);
    }
    const agrees = part === null || (part[transaction.currency] ?? 0) === transaction.net;
    return agrees ? { standing: 'matched', orderId } : unexplained('connected_differs', orderId);
  }
  if (owner.kind === 'transfer' || (owner.kind === 'order' && owner.order === 'gone')) {
    return classifyTransaction(transaction, owner);
  }
  return { standing: 'explained', reason: 'reported_on_platform' };
}

/** The account's business with Stripe, its bank or its own customers. */
function ofItsOwn(transaction: Transaction): Verdict {
  const verdict = classifyTransaction(transaction, { kind: 'platform' });
  return verdict.standing === 'explained' ? verdict : { standing: 'explained', reason: 'account_business' };
}

/** What a movement did to the connected account, as the order has it. Null: the order knows it only in a sum with others. */
function connectedPartOf(
  order: Order,
  { kind, id }: PlatformMovement,
  currency: string,
): Balances | null | 'unknown' {
  // Stripe splits several captures, of which the order keeps the sum.
  if (order.terms.requestMulticapture) return null;
  switch (kind) {
    case 'transfer':
      return transferredBy(order, id);
    case 'transfer_reversal': {
      const refund = order.refunds.find(({ reversal }) => reversal?.id === id);
      if (!refund?.reversal) return adjustedBy(order, id);
      if (refund.feeRefunds.length === 0) return refund.connected;
      const { amount, currency: its } = refund.reversal;
      return its === currency ? { [its]: -amount } : null;
    }
    case 'fee_refund':
      return order.refunds.some(({ feeRefunds }) => feeRefunds.includes(id)) ? null : adjustedBy(order, id);
  }
}

function transferredBy(order: Order, id: string): Balances | null | 'unknown' {
  const special = order.transfers.find((transfer) => transfer.id === id);
  if (special) return special.connected;
  const { payment } = order;
  if (payment.status === 'captured' && payment.transfer === id) return payment.settlement?.connected ?? null;
  return objectsOf(order).has(id) ? null : 'unknown';
}

/** Of another account than the order's own the order does not say what the reversal took. */
function adjustedBy({ adjustments }: Order, id: string): Balances | null | 'unknown' {
  const adjustment = adjustments.find((one) => one.id === id);
  if (!adjustment) return 'unknown';
  return Object.keys(adjustment.connected).length > 0 ? adjustment.connected : null;
}
