import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import pMap from 'p-map';
import type Stripe from 'stripe';
import { reconciliationQuery } from '../contract/reconciliation.ts';
import { RECONCILIATION_WORKFLOW_ID } from '../domain/ids.ts';
import { classifyTransaction } from '../domain/reconciliation/balance-transactions.ts';
import type { Difference, Findings, Patience } from '../domain/reconciliation/reconciliation.ts';
import {
  combine,
  differing,
  foundOfOrder,
  foundOfTransaction,
  NOTHING_FOUND,
  stillDiffering,
} from '../domain/reconciliation/reconciliation.ts';
import { asPlatform } from '../stripe/acting-as.ts';
import { balanceOf } from '../stripe/own-money.ts';
import { reconcileAccountTransaction, reconcileEarlierBalance } from './accounts.ts';
import { beganSince, readOrderState } from './orders.ts';
import { Owners } from './owners.ts';
import { transactionOf, transactionsOfOrder } from './transactions.ts';
import { workflowState } from './workflow-state.ts';

interface Readers {
  readonly stripe: Stripe;
  readonly temporal: Client;
  readonly readsAtOnce: number;
}

/** `from`: milliseconds since the epoch; what moved later is compared anyway. */
interface Since extends Patience {
  readonly from: number;
}

const UNREADABLE = `The last report cannot be read: the workflow ${RECONCILIATION_WORKFLOW_ID} is paused, or its tasks fail.`;

/** What the last report known, and nobody has explained since, though it lies before what is compared now. */
export async function earlierDifferences(readers: Readers, since: Since): Promise<Findings> {
  const report = await workflowState(readers.temporal, RECONCILIATION_WORKFLOW_ID, reconciliationQuery);
  // A report that passed over them would take the place of the one that has them.
  if (report === 'unreadable') throw ApplicationFailure.retryable(UNREADABLE);
  if (report === null || report === 'gone') return NOTHING_FOUND;
  const { differences } = report.findings;
  const earlier = differences.filter((difference) => difference.since < since.from);
  const transactions = earlier.flatMap(({ transaction, account }) =>
    transaction === null ? [] : [{ id: transaction, account }],
  );
  const ofFunds = earlier.filter(({ transaction }) => transaction === null);
  const orders = new Set(ofFunds.flatMap(({ orderId }) => orderId ?? []));
  // Whenever its money moved last: how old the account is decides whether it is summed.
  const balances = differences.filter(({ code }) => code === 'balance_differs');
  const accounts = new Set(balances.flatMap(({ account }) => account ?? []));
  const found = [
    ...(await pMap(transactions, (one) => ofTransaction(readers, one, since), {
      concurrency: readers.readsAtOnce,
    })),
    ...(await pMap(
      [...orders],
      (id) => {
        const known = ofFunds.filter(({ orderId }) => orderId === id);
        return ofOrder(readers, id, known, since);
      },
      { concurrency: readers.readsAtOnce },
    )),
  ];
  const unbalanced = await pMap([...accounts], (id) => reconcileEarlierBalance(readers, id, since), {
    concurrency: readers.readsAtOnce,
  });
  return [...found.map(stillDiffering), ...unbalanced].reduce(combine, NOTHING_FOUND);
}

/** `account`: whose balance it changed; null: the platform's. */
interface EarlierTransaction {
  readonly id: string;
  readonly account: string | null;
}

async function ofTransaction(readers: Readers, { id, account }: EarlierTransaction, since: Since) {
  const { stripe, temporal } = readers;
  if (account !== null) return reconcileAccountTransaction(readers, account, id, since);
  const entry = await balanceOf(stripe, asPlatform).transaction(id, { expand: ['source'] });
  const transaction = transactionOf(entry);
  const owner = await new Owners(stripe, temporal, asPlatform, [entry]).of(entry);
  return foundOfTransaction(transaction, classifyTransaction(transaction, owner), since);
}

/** `known`: how its funds differed, in one currency or several. */
async function ofOrder(
  { stripe, temporal }: Readers,
  orderId: string,
  known: readonly Difference[],
  since: Since,
): Promise<Findings> {
  if (await beganSince(temporal, orderId, since.from)) return NOTHING_FOUND;
  const order = await readOrderState(temporal, orderId);
  if (order === 'gone') return NOTHING_FOUND;
  if (order === 'unreadable') return differing(known);
  return foundOfOrder(order, await transactionsOfOrder(stripe, order), since);
}
