import type { Balances, Money } from '../../money/money.ts';
import { sumBalances } from '../../money/money.ts';

/** A connected account is named by its id; `bank` is where its payouts go. */
export type Party = 'customer' | 'platform' | 'bank' | `acct_${string}`;

/** One thing that moves money, in minor units of `currency`. */
export interface Movement extends Money {
  readonly type:
    | 'charge'
    | 'transfer'
    | 'application_fee'
    | 'refund'
    | 'transfer_reversal'
    | 'application_fee_refund'
    | 'payout';
  readonly from: Party;
  readonly to: Party;
  /** Who books it in another currency, at the rate that Stripe has then. */
  readonly convertedFor: readonly Party[];
}

/** In which currency each side books what a charge was split into; null: not known. */
export interface Booked {
  readonly platform: string | null;
  readonly connected: string | null;
}

export function accountParty(id: string): Party {
  return id as Party;
}

/** A movement between the platform and an account, which each book in a currency of their own. */
export function betweenAccounts(
  what: Pick<Movement, 'type' | 'amount' | 'currency'> & { readonly isTakenBack?: boolean },
  account: Party,
  booked: Booked,
): Movement {
  const { type, amount, currency, isTakenBack = false } = what;
  return {
    type,
    amount,
    currency,
    from: isTakenBack ? account : 'platform',
    to: isTakenBack ? 'platform' : account,
    convertedFor: [
      ...(booked.platform === currency ? [] : (['platform'] as const)),
      ...(booked.connected === currency ? [] : [account]),
    ],
  };
}

/** What movements come to for those parties together; null: Stripe converts some of it. */
export function changeFor(
  movements: readonly Movement[],
  isMeant: (party: Party) => boolean,
): Balances | null {
  if (movements.some(({ convertedFor }) => convertedFor.some(isMeant))) return null;
  return sumBalances(
    movements.map(({ from, to, amount, currency }) => ({
      [currency]: (isMeant(to) ? amount : 0) - (isMeant(from) ? amount : 0),
    })),
  );
}
