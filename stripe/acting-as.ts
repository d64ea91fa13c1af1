import type Stripe from 'stripe';

declare const actsAs: unique symbol;

/** Options of a call that acts as a connected account (`Stripe-Account`). Made by {@link asAccount} alone. */
export interface AsAccount extends Pick<Stripe.RequestOptions, 'stripeAccount'> {
  readonly stripeAccount: string;
  readonly [actsAs]: 'account';
}

/** Options of a call that acts as the platform, said aloud where an account could be meant. */
export interface AsPlatform {
  readonly [actsAs]: 'platform';
}

export type ActingAs = AsAccount | AsPlatform;

/** Acts as this connected account: its balance, its payouts. The only place that sets `Stripe-Account`. */
export function asAccount(account: string): AsAccount {
  if (!account.startsWith('acct_')) throw new TypeError('only a connected account can be acted as');
  return { stripeAccount: account } as AsAccount;
}

/** Acts as the platform itself. */
export const asPlatform = {} as AsPlatform;
