import pMap from 'p-map';
import type Stripe from 'stripe';
import { accountStatus } from '../../domain/accounts/account.ts';
import { accountDigest } from '../../domain/accounts/account-digest.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import { classify } from '../../stripe/errors.ts';
import { accountsEndedRejected, namedByAuthorizedOrders } from '../../stripe-events/find-account.ts';
import type { VisibleAccount } from '../../stripe-events/visible-state.ts';
import { visibleAccounts } from '../../stripe-events/visible-state.ts';
import { readConnection } from '../accounts/account-connection.ts';
import type { EvenPacer } from '../shared/even-pacer.ts';
import { retryableRead } from '../shared/run-once.ts';
import type { ComparedAccounts, Pass } from './pass.ts';

const PAGE_SIZE = 100;
/** One that Stripe answers slowly holds up none of the others. */
const AT_ONCE = 5;

/**
 * Signals the workflows of accounts that differ from Stripe. An account that an authorized order names and that has
 * no workflow gets one first; so does one whose rejection was taken back.
 */
export async function compareAccounts(pass: Pass): Promise<ComparedAccounts> {
  const { stripe, temporal, pace, requestRefresh } = pass;
  const listed = await retryableRead(() => listAccounts(stripe, pace));
  const differing: VisibleAccount[] = [];
  const withoutWorkflow = new Set(listed.keys());
  let accounts = 0;
  for await (const shown of visibleAccounts(temporal)) {
    accounts += 1;
    withoutWorkflow.delete(shown.account);
    if (listed.get(shown.account)?.digest !== shown.digest) differing.push(shown);
  }
  let requested = 0;
  let unreadable = 0;
  const unlessUnreadable = async <T>(account: string, read: () => Promise<T>): Promise<T | 'unreadable'> => {
    try {
      return await read();
    } catch (error) {
      pass.logUnreadable(account, classify(error).failure);
      unreadable += 1;
      return 'unreadable';
    }
  };
  await pMap(
    differing,
    async ({ workflowId, account, digest }) => {
      await pace.acquire();
      // Its workflow reads it the same way. If only the list differed, the workflow would be signaled on every run.
      const read = await unlessUnreadable(account, () => readDigest(stripe, account));
      if (read !== 'unreadable' && read !== digest && (await requestRefresh(workflowId))) requested += 1;
    },
    { concurrency: AT_ONCE },
  );
  let followed = 0;
  const isOpenAgain = (id: string) => withoutWorkflow.has(id) && listed.get(id)?.isRejected === false;
  const unfollowed = new Set([
    ...(await namedByAuthorizedOrders(temporal, [...withoutWorkflow])),
    ...(withoutWorkflow.size === 0 ? [] : await accountsEndedRejected(temporal)).filter(isOpenAgain),
  ]);
  await pMap(
    unfollowed,
    async (account) => {
      await pace.acquire();
      if ((await unlessUnreadable(account, () => pass.follow(account))) === true) followed += 1;
    },
    { concurrency: AT_ONCE },
  );
  return { accounts, requested, followed, unreadable };
}

/** What a comparison needs of an account that Stripe lists. */
interface ListedAccount {
  readonly digest: number;
  readonly isRejected: boolean;
}

async function listAccounts(stripe: Stripe, pace: EvenPacer): Promise<ReadonlyMap<string, ListedAccount>> {
  const listed = new Map<string, ListedAccount>();
  for (let after: string | undefined, hasMore = true; hasMore; ) {
    await pace.acquire();
    const page = await stripe.accounts.list({
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { starting_after: after }),
    });
    for (const account of page.data) {
      const facts = accountFactsOf(account);
      const isRejected = accountStatus(facts) === 'rejected';
      listed.set(account.id, { digest: accountDigest(facts), isRejected });
    }
    after = page.data.at(-1)?.id;
    hasMore = page.has_more && after !== undefined;
  }
  return listed;
}

/** Null: it is no longer connected. */
async function readDigest(stripe: Stripe, account: string): Promise<number | null> {
  const facts = await readConnection(stripe, account);
  return facts && accountDigest(facts);
}
