import type { Client } from '@temporalio/client';
import pMap from 'p-map';
import type Stripe from 'stripe';
import { platformPartsOf } from '../../domain/orders/funds.ts';
import { classifyTransaction } from '../../domain/reconciliation/balance-transactions.ts';
import type {
  Findings,
  ReconciliationFailure,
  ReconciliationReport,
} from '../../domain/reconciliation/reconciliation.ts';
import {
  combine,
  foundOfOrder,
  foundOfTransaction,
  NOTHING_FOUND,
} from '../../domain/reconciliation/reconciliation.ts';
import type { AccountPlace } from '../../reconciliation/accounts.ts';
import { accountsAfter, reconcileAccountPage } from '../../reconciliation/accounts.ts';
import { earlierDifferences } from '../../reconciliation/earlier-differences.ts';
import { EarlierOrders } from '../../reconciliation/earlier-orders.ts';
import { isReopened, ordersBegun, readOrderState } from '../../reconciliation/orders.ts';
import { Owners } from '../../reconciliation/owners.ts';
import { publish, publishFailure } from '../../reconciliation/publish.ts';
import { transactionOf, transactionsOfOrder } from '../../reconciliation/transactions.ts';
import { asPlatform } from '../../stripe/acting-as.ts';
import { balanceOf } from '../../stripe/own-money.ts';
import { withoutRetriesOfBugs } from '../shared/bugs.ts';
import { retryableRead } from '../shared/run-once.ts';

export interface ReconciliationDeps {
  readonly stripe: Stripe;
  readonly temporal: Client;
  readonly taskQueue: string;
}

/** What a run looks at. Milliseconds since the epoch. */
export interface Period {
  readonly from: number;
  readonly to: number;
  /** What moved after it may not be known yet. */
  readonly expectedSince: number;
}

/** What one page showed, and where the next begins; null: there is none. */
export interface PageFound<Cursor> {
  readonly findings: Findings;
  readonly next: Cursor | null;
}

const PAGE_SIZE = 100;
/** Accounts of one page; each costs one call for a hundred of its transactions, and two more if its balance is summed. */
const ACCOUNTS_AT_ONCE = 20;
/** Far below Stripe's limit of reads, the lower one in test mode too: payments come first. */
const READS_AT_ONCE = 5;

/** Where a page of accounts begins: with those whose transactions were not read to the end, and then with those after `after`. */
export interface AccountsCursor {
  readonly after: string | null;
  readonly hasMore: boolean;
  /** At most {@link ACCOUNTS_AT_ONCE}. */
  readonly unfinished: readonly AccountPlace[];
}

export type ReconciliationActivities = ReturnType<typeof createReconciliationActivities>;

/** The comparison of all balances with the orders, a page at a time. They read only: each may be repeated. */
export function createReconciliationActivities(deps: ReconciliationDeps) {
  return withoutRetriesOfBugs({
    /** One page of balance transactions: each has an order that knows it, or a reason; with the orders that began before. */
    reconcileTransactions: (page: { period: Period; after: string | null }) =>
      retryableRead(() => reconcileTransactions(deps, page)),

    /** Some of the orders that began in the period: each one's funds are the sum of its transactions. */
    reconcileOrders: (page: { period: Period; from: number }) =>
      retryableRead(() => reconcileOrders(deps, page)),

    /** A page of each of some connected accounts: each transaction is what its order says, and the balance is their sum. */
    reconcileAccounts: (page: { period: Period; at: AccountsCursor | null }) =>
      retryableRead(() => reconcileAccounts(deps, page)),

    /** What the last report lists from before the period, and nobody has explained since. */
    reconcileEarlier: ({ period }: { period: Period }) =>
      retryableRead(() =>
        earlierDifferences(
          { stripe: deps.stripe, temporal: deps.temporal, readsAtOnce: READS_AT_ONCE },
          period,
        ),
      ),

    /** Hands a run's report to where it is read, and where it asks for attention. */
    publishReconciliation: (report: ReconciliationReport) => publish(deps, report),

    /** Has a run that compared nothing ask for attention in the same place. */
    publishReconciliationFailure: (failure: ReconciliationFailure) => publishFailure(deps, failure),
  });
}

async function reconcileTransactions(
  { stripe, temporal }: ReconciliationDeps,
  { period, after }: { period: Period; after: string | null },
): Promise<PageFound<string>> {
  const page = await balanceOf(stripe, asPlatform).transactions({
    // A fixed end: what comes meanwhile stands before the first page and moves none.
    created: { gte: Math.floor(period.from / 1000), lt: Math.floor(period.to / 1000) },
    limit: PAGE_SIZE,
    expand: ['data.source'],
    ...(after === null ? {} : { starting_after: after }),
  });
  const owners = new Owners(stripe, temporal, asPlatform, page.data);
  const earlier = new EarlierOrders(stripe, temporal, period);
  const found = await pMap(
    page.data,
    async (entry) => {
      const transaction = transactionOf(entry);
      const owner = await owners.of(entry);
      const itself = foundOfTransaction(transaction, classifyTransaction(transaction, owner), period);
      const met = await earlier.metAt(transaction, owner);
      return met ? combine(itself, foundOfOrder(met.order, met.transactions, period)) : itself;
    },
    { concurrency: READS_AT_ONCE },
  );
  const next = page.has_more ? (page.data.at(-1)?.id ?? null) : null;
  return { findings: found.reduce(combine, NOTHING_FOUND), next };
}

async function reconcileOrders(
  { stripe, temporal }: ReconciliationDeps,
  { period, from }: { period: Period; from: number },
): Promise<PageFound<number>> {
  const { runs, next } = await ordersBegun(temporal, from, period.to);
  const found = await pMap(
    runs,
    async (run) => {
      if (await isReopened(temporal, run)) return NOTHING_FOUND;
      const order = await readOrderState(temporal, run.orderId);
      // Each of its transactions was reported as such already. One that ended meanwhile has nothing left to compare.
      if (order === 'gone' || order === 'unreadable' || platformPartsOf(order).length === 0)
        return NOTHING_FOUND;
      return foundOfOrder(order, await transactionsOfOrder(stripe, order), period);
    },
    { concurrency: READS_AT_ONCE },
  );
  return { findings: found.reduce(combine, NOTHING_FOUND), next };
}

async function reconcileAccounts(
  deps: ReconciliationDeps,
  { period, at }: { period: Period; at: AccountsCursor | null },
): Promise<PageFound<AccountsCursor>> {
  const begun = at ?? { after: null, hasMore: true, unfinished: [] };
  const { places, after, hasMore } =
    begun.unfinished.length > 0
      ? { places: begun.unfinished, after: begun.after, hasMore: begun.hasMore }
      : await nextAccounts(deps, begun.after);
  const pages = await pMap(places, (place) => reconcileAccountPage(deps, place, period), {
    concurrency: READS_AT_ONCE,
  });
  const unfinished = pages.flatMap(({ next }) => next ?? []);
  return {
    findings: pages.map(({ findings }) => findings).reduce(combine, NOTHING_FOUND),
    next: unfinished.length > 0 || hasMore ? { after, hasMore, unfinished } : null,
  };
}

async function nextAccounts(deps: ReconciliationDeps, after: string | null) {
  const { places, hasMore } = await accountsAfter(deps, after, ACCOUNTS_AT_ONCE);
  return { places, hasMore, after: places.at(-1)?.id ?? after };
}
