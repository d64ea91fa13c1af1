import { negated, sumBalances } from '../money/money.ts';
import { platformPartsOf } from '../orders/funds.ts';
import type { Order } from '../orders/order.ts';
import type { DifferenceCode, Reason, Transaction, Verdict } from './balance-transactions.ts';

/** How many, and what they come to in minor units of one currency. */
export interface Tally {
  readonly count: number;
  readonly amount: number;
}

/** `pending`: may still explain itself, being young (`automatic_async`, an event on its way). */
export const RECONCILED_AS = ['matched', 'explained', 'unexplained', 'pending'] as const;
type ReconciledAs = (typeof RECONCILED_AS)[number];

/** Something that a human has to explain. */
export interface Difference {
  /** The transaction, or the order or account and the currency in which its money differs. */
  readonly id: string;
  readonly code: DifferenceCode;
  readonly orderId: string | null;
  /** Null: the order's funds, or the account's balance, as a whole. */
  readonly transaction: string | null;
  /** The connected account whose balance it is about; null: the platform's. */
  readonly account: string | null;
  /** Minor units of `currency`: what Stripe's balance has, less what is accounted for. */
  readonly amount: number;
  readonly currency: string;
  /** Milliseconds since the epoch: when the money moved. */
  readonly since: number;
}

/** By currency, and then by standing or reason; what did not occur is left out. */
type Tallies<Key extends string> = Readonly<Record<string, Readonly<Partial<Record<Key, Tally>>>>>;

/** Of all connected accounts together. */
interface ConnectedFindings {
  readonly transactions: Tallies<ReconciledAs>;
  readonly reasons: Tallies<Reason>;
  /** Whether an account's balance is the sum of its transactions; `unsummed`: it is older than what was compared. */
  readonly accounts: AccountTally;
}

export interface AccountTally {
  readonly agreeing: number;
  readonly differing: number;
  readonly pending: number;
  readonly unsummed: number;
}

/** What comparing found. Findings of parts are combined into those of the whole, in whatever order. */
export interface Findings {
  readonly transactions: Tallies<ReconciledAs>;
  /** Of the explained. */
  readonly reasons: Tallies<Reason>;
  readonly orders: { readonly agreeing: number; readonly differing: number; readonly pending: number };
  readonly connected: ConnectedFindings;
  /** The oldest ones, at most {@link DIFFERENCES_MAX}. */
  readonly differences: readonly Difference[];
  /** All of them, those beyond the list too. */
  readonly differenceCount: number;
}

/** Carried from page to page and kept with the report: some 100 KB. */
export const DIFFERENCES_MAX = 500;

export const NOTHING_FOUND: Findings = {
  transactions: {},
  reasons: {},
  orders: { agreeing: 0, differing: 0, pending: 0 },
  connected: {
    transactions: {},
    reasons: {},
    accounts: { agreeing: 0, differing: 0, pending: 0, unsummed: 0 },
  },
  differences: [],
  differenceCount: 0,
};

/** Milliseconds since the epoch: what moved after it is not expected to be known yet. */
export interface Patience {
  readonly expectedSince: number;
}

/** One transaction, judged. */
export function foundOfTransaction(
  { id, currency, net, createdAt }: Transaction,
  verdict: Verdict,
  { expectedSince }: Patience,
): Findings {
  if (verdict.standing === 'left_out') return NOTHING_FOUND;
  const tally = { count: 1, amount: net };
  if (verdict.standing !== 'unexplained') {
    const reasons = verdict.standing === 'explained' ? { [currency]: { [verdict.reason]: tally } } : {};
    return { ...NOTHING_FOUND, transactions: { [currency]: { [verdict.standing]: tally } }, reasons };
  }
  if (createdAt > expectedSince)
    return { ...NOTHING_FOUND, transactions: { [currency]: { pending: tally } } };
  const { code, orderId } = verdict;
  const difference = {
    id,
    code,
    orderId,
    transaction: id,
    account: null,
    amount: net,
    currency,
    since: createdAt,
  };
  return {
    ...NOTHING_FOUND,
    transactions: { [currency]: { unexplained: tally } },
    differences: [difference],
    differenceCount: 1,
  };
}

/** One order: whether its funds are the sum of its transactions, as Stripe's objects of the order show them. */
export function foundOfOrder(
  order: Order,
  transactions: readonly Transaction[],
  { expectedSince }: Patience,
): Findings {
  const parts = platformPartsOf(order);
  const known = parts.filter((part) => part !== null);
  const isAllKnown = known.length === parts.length;
  const atStripe = sumBalances(transactions.map(({ currency, net }) => ({ [currency]: net })));
  const unaccounted = Object.entries(less(atStripe, sumBalances(known)));
  if (unaccounted.length === 0 && isAllKnown) return ordersFound({ agreeing: 1 });
  if (!isAllKnown && isAwaited(order, unaccounted.length > 0)) return ordersFound({ pending: 1 });
  const since = Math.max(order.createdAt, ...transactions.map(({ createdAt }) => createdAt));
  if (since > expectedSince) return ordersFound({ pending: 1 });
  const code = isAllKnown ? 'funds_differ' : 'funds_unknown';
  const orderId = order.terms.id;
  const rows = unaccounted.length > 0 ? unaccounted : [[order.terms.currency, 0] as const];
  const differences = rows.map(
    ([currency, amount]): Difference => ({
      id: `${orderId}:${currency}`,
      code,
      orderId,
      transaction: null,
      account: null,
      amount,
      currency,
      since,
    }),
  );
  return differing(differences);
}

/** An order that differs in this way. */
export function differing(differences: readonly Difference[]): Findings {
  return { ...ordersFound({ differing: 1 }), differences, differenceCount: differences.length };
}

/**
 * Whether what an order does not know yet may still come: the order itself notices when Stripe takes too long. Where Stripe has
 * moved something that it does not know, only while there may be more captures.
 */
function isAwaited({ payment, settlementOverdueOf }: Order, hasMoved: boolean): boolean {
  if (payment.status === 'authorized') return true;
  const isOverdue =
    payment.status === 'captured' &&
    payment.settlement === null &&
    payment.latestCharge === settlementOverdueOf;
  return !hasMoved && !isOverdue;
}

function less(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) {
  return sumBalances([one, negated(other)]);
}

function ordersFound(orders: Partial<Findings['orders']>): Findings {
  return { ...NOTHING_FOUND, orders: { ...NOTHING_FOUND.orders, ...orders } };
}

/** Associative and commutative: neither pages nor their order nor where a run was interrupted changes the result. */
export function combine(one: Findings, other: Findings): Findings {
  return {
    transactions: addUp(one.transactions, other.transactions),
    reasons: addUp(one.reasons, other.reasons),
    orders: {
      agreeing: one.orders.agreeing + other.orders.agreeing,
      differing: one.orders.differing + other.orders.differing,
      pending: one.orders.pending + other.orders.pending,
    },
    connected: {
      transactions: addUp(one.connected.transactions, other.connected.transactions),
      reasons: addUp(one.connected.reasons, other.connected.reasons),
      accounts: {
        agreeing: one.connected.accounts.agreeing + other.connected.accounts.agreeing,
        differing: one.connected.accounts.differing + other.connected.accounts.differing,
        pending: one.connected.accounts.pending + other.connected.accounts.pending,
        unsummed: one.connected.accounts.unsummed + other.connected.accounts.unsummed,
      },
    },
    differences: [...one.differences, ...other.differences].toSorted(oldestFirst).slice(0, DIFFERENCES_MAX),
    differenceCount: one.differenceCount + other.differenceCount,
  };
}

/** What differs alone: of what an earlier run has looked at, the rest is in its own report. */
export function stillDiffering({
  transactions,
  orders,
  connected,
  differences,
  differenceCount,
}: Findings): Findings {
  return {
    ...ordersFound({ differing: orders.differing }),
    transactions: unexplainedOnly(transactions),
    connected: { ...NOTHING_FOUND.connected, transactions: unexplainedOnly(connected.transactions) },
    differences,
    differenceCount,
  };
}

function unexplainedOnly(transactions: Tallies<ReconciledAs>): Tallies<ReconciledAs> {
  const unexplained = Object.entries(transactions).flatMap(([currency, { unexplained: tally }]) =>
    tally ? [[currency, { unexplained: tally }] as const] : [],
  );
  return Object.fromEntries(unexplained);
}

function addUp<Key extends string>(one: Tallies<Key>, other: Tallies<Key>): Tallies<Key> {
  const sum: Record<string, Partial<Record<Key, Tally>>> = {};
  for (const [currency, tallies] of [...Object.entries(one), ...Object.entries(other)]) {
    const into: Partial<Record<Key, Tally>> = { ...sum[currency] };
    for (const [key, { count, amount }] of Object.entries(tallies) as [Key, Tally][]) {
      into[key] = { count: (into[key]?.count ?? 0) + count, amount: (into[key]?.amount ?? 0) + amount };
    }
    sum[currency] = into;
  }
  return sum;
}

function oldestFirst(one: Difference, other: Difference): number {
  return one.since - other.since || (one.id < other.id ? -1 : 1);
}

/** What a run looked at, and what it found. Times in milliseconds since the epoch. */
export interface ReconciliationReport {
  /** Transactions created, and orders begun, from here … */
  readonly from: number;
  /** … up to here, which is when the run began. */
  readonly to: number;
  readonly findings: Findings;
}

/** A run that could not be brought to an end, and so compared nothing. */
export interface ReconciliationFailure {
  /** Up to where it was to look: milliseconds since the epoch. */
  readonly to: number;
  readonly message: string;
}
