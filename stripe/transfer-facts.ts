import type Stripe from 'stripe';
import type { SpecialCaseTransfer } from '../domain/orders/order.ts';
import { expanded, idOf } from './payment-facts.ts';
import { netOf } from './settlement.ts';

/**
 * What an order keeps of a special-case transfer, whoever made it. Expects `balance_transaction` and the one on the
 * connected side expanded.
 */
export function transferFactsOf(transfer: Stripe.Transfer, operationId: string | null): SpecialCaseTransfer {
  const entry = expanded(transfer.balance_transaction);
  const arrived = expanded(expanded(transfer.destination_payment)?.balance_transaction);
  return {
    id: transfer.id,
    operationId,
    amount: transfer.amount,
    currency: transfer.currency,
    destination: idOf(transfer.destination) ?? '',
    description: transfer.description,
    createdAt: transfer.created * 1000,
    platform: entry ? netOf(entry) : null,
    connected: arrived ? netOf(arrived) : { [transfer.currency]: transfer.amount },
  };
}
