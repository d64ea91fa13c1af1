import type { OrderResource } from '../../api/orders/order-schema.ts';
import type { PayoutResource } from '../../api/payouts/payout-schema.ts';
import type { TransferResource } from '../../api/transfers/transfer-schema.ts';
import { type Amounts, negative, sum } from './amounts.ts';
import type { Ledger } from './sandbox-client.ts';

/**
 * Who has which part of the money. `customer`: what was paid; `bank`: what was paid out; `exchange`: what Stripe changed into
 * other currencies.
 */
export interface Holdings {
  readonly customer: Amounts;
  readonly platform: Amounts;
  readonly connected: Amounts;
  readonly stripe: Amounts;
  readonly bank: Amounts;
  readonly exchange: Amounts;
}
export type Party = keyof Holdings;

/** What the API shows of it. */
export type Told = Omit<Holdings, 'exchange'>;

export const PARTIES: Readonly<Record<Party, string>> = {
  customer: 'customer paid',
  platform: 'platform',
  connected: 'connected account',
  stripe: "Stripe's fee",
  bank: 'paid out to its bank',
  exchange: 'exchanged at Stripe',
};

const LEDGER_ACCOUNTS: Readonly<Record<string, Party>> = {
  card_network: 'customer',
  'stripe:fees': 'stripe',
  'stripe:fx': 'exchange',
  bank: 'bank',
};

/** What everybody has by the sandbox's ledger. Pending and available are one's own alike. */
export function ledgerHoldings({ accounts }: Ledger, platform: string): Holdings {
  const held: Record<Party, Amounts> = {
    customer: {},
    platform: {},
    connected: {},
    stripe: {},
    bank: {},
    exchange: {},
  };
  for (const { account, currency, amount } of accounts) {
    const party = LEDGER_ACCOUNTS[account] ?? partyOfBalance(account, platform);
    held[party] = sum(held[party], { [currency]: party === 'customer' ? 0 - amount : amount });
  }
  return held;
}

function partyOfBalance(account: string, platform: string): Party {
  const owner = /^(acct_\w+):(?:pending|available)$/.exec(account)?.[1];
  if (owner === undefined) throw new Error(`No party is known for the ledger's account ${account}.`);
  return owner === platform ? 'platform' : 'connected';
}

/** What the API says of the same money. It knows of no exchange. Null: an order that does not know a part of it yet. */
export function apiHoldings(
  orders: readonly OrderResource[],
  transfers: readonly TransferResource[],
  payouts: readonly PayoutResource[],
): Told | null {
  const parts = orders.map(ofOrder);
  if (parts.includes(null)) return null;
  const all = [
    ...parts.filter((part) => part !== null),
    ...transfers.map(ofTransfer),
    ...payouts.map(ofPayout),
  ];
  const total = (party: keyof Told) => sum(...all.map((part) => part[party]));
  return {
    customer: total('customer'),
    platform: total('platform'),
    connected: total('connected'),
    stripe: total('stripe'),
    bank: total('bank'),
  };
}

function ofOrder(order: OrderResource): Told | null {
  const { currency, amount_captured: captured, amount_refunded: refunded } = order;
  const { stripe_fee: stripeFee, settlement_currency: settled, platform, connected } = order.funds;
  if (stripeFee === null || platform === null || connected === null) return null;
  const { withdrawn = [] } = order.dispute ?? {};
  return {
    customer: sum({ [currency]: captured - refunded }, negative(byCurrency(withdrawn))),
    platform: byCurrency(platform),
    connected: byCurrency(connected),
    stripe: sum({ [settled ?? currency]: stripeFee }),
    bank: {},
  };
}

function byCurrency(balances: readonly { amount: number; currency: string }[]): Amounts {
  return sum(...balances.map(({ amount, currency }) => ({ [currency]: amount })));
}

function ofTransfer({
  amount,
  amount_reversed: reversed,
  currency,
  stripe_transfer: made,
}: TransferResource): Told {
  const paid = made === null ? {} : { [currency]: amount - (reversed ?? 0) };
  return { customer: {}, platform: negative(paid), connected: paid, stripe: {}, bank: {} };
}

/** What has left the balance, and has not come back. */
function ofPayout({ amount, currency, status }: PayoutResource): Told {
  const left =
    status === 'pending' || status === 'in_transit' || status === 'paid' ? { [currency]: amount } : {};
  return { customer: {}, platform: {}, connected: negative(left), stripe: {}, bank: left };
}

/** What each has more than before. */
export function gained(before: Holdings, after: Holdings): Holdings {
  const difference = (party: Party) => sum(after[party], negative(before[party]));
  return {
    customer: difference('customer'),
    platform: difference('platform'),
    connected: difference('connected'),
    stripe: difference('stripe'),
    bank: difference('bank'),
    exchange: difference('exchange'),
  };
}

/** 0 in each currency that moved, unless money was made or lost: what the customer paid is what the others have. */
export function sumOf({ customer, ...others }: Holdings): Amounts {
  const moved = [customer, ...Object.values(others)].flatMap((amounts) => Object.keys(amounts));
  const none = Object.fromEntries(moved.map((currency) => [currency, 0]));
  return { ...none, ...sum(negative(customer), ...Object.values(others)) };
}
