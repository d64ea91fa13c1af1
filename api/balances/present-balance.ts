import type Stripe from 'stripe';
import { rfc3339 } from '../../domain/rfc3339.ts';
import type { BalanceResource, BalanceTransactionResource } from './balance-schema.ts';

export function presentBalance(balance: Stripe.Balance, account: string | null): BalanceResource {
  return {
    object: 'balance',
    account,
    available: balance.available.map(amountOf),
    pending: balance.pending.map(amountOf),
    instant_available: (balance.instant_available ?? []).map(amountOf),
    connect_reserved: (balance.connect_reserved ?? []).map(amountOf),
    livemode: balance.livemode,
  };
}

export function presentBalanceTransaction(entry: Stripe.BalanceTransaction): BalanceTransactionResource {
  return {
    id: entry.id,
    object: 'balance_transaction',
    type: entry.type,
    reporting_category: entry.reporting_category,
    amount: entry.amount,
    fee: entry.fee,
    net: entry.net,
    currency: entry.currency,
    fee_details: entry.fee_details.map(({ type, amount, currency, description }) => ({
      type,
      amount,
      currency,
      description,
    })),
    exchange_rate: entry.exchange_rate,
    source: typeof entry.source === 'string' ? entry.source : (entry.source?.id ?? null),
    description: entry.description,
    status: entry.status,
    available_on: rfc3339(entry.available_on * 1_000),
    created: rfc3339(entry.created * 1_000),
  };
}

function amountOf({ amount, currency }: { amount: number; currency: string }) {
  return { amount, currency };
}
