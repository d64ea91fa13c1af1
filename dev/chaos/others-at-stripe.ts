import type Stripe from 'stripe';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import type { Answer } from './caller.ts';
import type { Facts } from './facts.ts';
import type { OtherKind } from './works.ts';
import { DESTINATION } from './works.ts';

type Shown = Answer['body'];

/** How payouts, transfers and accounts are held against Stripe. */
interface Holding {
  path(id: string): string;
  /** What of it as the API shows it is compared. */
  shownBy(body: Shown): Facts;
  /** The same, read from Stripe. */
  asStripeHasIt(stripe: Stripe, body: Shown): Promise<Facts>;
  /** What of that its last event has to say. */
  readonly published: readonly string[];
}

export const OTHERS: Readonly<Record<OtherKind, Holding>> = {
  payout: {
    path: (id) => `/v1/accounts/${DESTINATION}/payouts/${id}`,
    shownBy: (payout) => payout,
    asStripeHasIt: async (stripe, { stripe_payout: id }) => {
      const payout = await payoutsOf(stripe, asAccount(DESTINATION)).retrieve(id);
      const { status, amount, currency, destination } = payout;
      return { stripe_payout: payout.id, status, amount, currency, destination };
    },
    published: ['stripe_payout', 'status', 'amount'],
  },
  transfer: {
    path: (id) => `/v1/transfers/${id}`,
    shownBy: (transfer) => ({ ...transfer, ...partsOf(transfer.reversals ?? []) }),
    asStripeHasIt: async (stripe, { stripe_transfer: id }) => {
      const transfer = await stripe.transfers.retrieve(id);
      const { amount, amount_reversed, currency, destination } = transfer;
      const { data } = await stripe.transfers.listReversals(id, { limit: 100 });
      const reversed = transfer.reversed ? 'reversed' : 'partially_reversed';
      const status = amount_reversed === 0 ? 'paid' : reversed;
      return {
        ...{ stripe_transfer: transfer.id, status, amount, amount_reversed, currency, destination },
        ...partsOf(data),
      };
    },
    published: ['stripe_transfer', 'status', 'amount_reversed'],
  },
  account: {
    path: (id) => `/v1/accounts/${id}`,
    shownBy: (account) => ({
      ...account,
      transfers: account.capabilities?.transfers,
      disabled_reason: account.requirements?.disabled_reason,
      payout_interval: account.payout_schedule?.interval,
    }),
    asStripeHasIt: async (stripe, { id }) => {
      const account = await stripe.accounts.retrieve(id);
      const { charges_enabled, payouts_enabled, details_submitted, country } = account;
      return {
        ...{ id: account.id, charges_enabled, payouts_enabled, details_submitted, country },
        transfers: account.capabilities?.transfers,
        disabled_reason: account.requirements?.disabled_reason ?? null,
        payout_interval: account.settings?.payouts?.schedule.interval,
      };
    },
    published: ['id', 'status', 'charges_enabled', 'payouts_enabled'],
  },
};

/** Newest first, as Stripe and Waybill list them. */
function partsOf(reversals: readonly { id: string; amount: number }[]): Facts {
  return { reversals: reversals.map(({ id }) => id), parts: reversals.map(({ amount }) => amount) };
}
