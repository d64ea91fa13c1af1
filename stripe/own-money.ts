import type Stripe from 'stripe';
import type { Balances } from '../domain/money/money.ts';
import { sumBalances } from '../domain/money/money.ts';
import type { ActingAs, AsAccount } from './acting-as.ts';

type Options = Omit<Stripe.RequestOptions, 'stripeAccount'>;

/**
 * A connected account's payouts. They leave its own balance, so whoever calls them says as whom; the platform has no
 * payouts here. Nothing else may touch this resource (test/lint/acting-as.test.ts).
 */
export function payoutsOf({ payouts }: Stripe, as: AsAccount) {
  return {
    create: (params: Stripe.PayoutCreateParams, options: Options) =>
      payouts.create(params, { ...options, ...as }),
    retrieve: (id: string, options: Options = {}) => payouts.retrieve(id, {}, { ...options, ...as }),
    list: (params: Stripe.PayoutListParams, options: Options = {}) =>
      payouts.list(params, { ...options, ...as }),
    update: (id: string, params: Stripe.PayoutUpdateParams, options: Options) =>
      payouts.update(id, params, { ...options, ...as }),
    cancel: (id: string, options: Options) => payouts.cancel(id, {}, { ...options, ...as }),
  };
}

/** A balance and its history: the platform's, or a connected account's. */
export function balanceOf({ balance, balanceTransactions }: Stripe, as: ActingAs) {
  return {
    retrieve: (options: Options = {}) => balance.retrieve({}, { ...options, ...as }),
    transaction: (id: string, params: Stripe.BalanceTransactionRetrieveParams = {}, options: Options = {}) =>
      balanceTransactions.retrieve(id, params, { ...options, ...as }),
    transactions: (params: Stripe.BalanceTransactionListParams, options: Options = {}) =>
      balanceTransactions.list(params, { ...options, ...as }),
  };
}

/** Whether a line moved what {@link heldIn} adds up. Stripe lists those of other balances, too, such as what it holds back for risk. */
export function isOfPayments({ balance_type: type }: Stripe.BalanceTransaction): boolean {
  return type === 'payments';
}

/** All that a balance holds: available, pending, or reserved for connected accounts whose balance is negative. */
export function heldIn({ available, pending, connect_reserved: reserved = [] }: Stripe.Balance): Balances {
  return sumBalances(
    [...available, ...pending, ...reserved].map(({ currency, amount }) => ({ [currency]: amount })),
  );
}
