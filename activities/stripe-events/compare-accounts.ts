import type Stripe from 'stripe';
import { accountDigest } from '../../domain/accounts/account-digest.ts';
import { mapBounded } from '../../domain/bounded.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import { judge } from '../../stripe/errors.ts';
import type { ShownAccount } from '../../stripe-events/shown.ts';
import { accountsOfOpenOrders, shownAccounts } from '../../stripe-events/shown.ts';
import { readConnection } from '../accounts/account-connection.ts';
import type { Pace } from '../shared/pace.ts';
import { retryableRead } from '../shared/run-once.ts';
import type { ComparedAccounts, Pass } from './pass.ts';

const PAGE_SIZE = 100;
/** One that Stripe answers slowly holds up none of the others. */
const AT_ONCE = 5;

/**
 * Tells the workflows of accounts that show something else than Stripe does. An account that an authorized order names and that has
 * no workflow gets one first.
 */
export async function compareAccounts(pass: Pass): Promise<ComparedAccounts> {
  const { stripe, temporal, pace, tellToLook } = pass;
  const listed = await retryableRead(() => listDigests(stripe, pace));
  const differing: ShownAccount[] = [];
  const ofOpenOrders = new Set(await accountsOfOpenOrders(temporal));
  let accounts = 0;
  for await (const shown of shownAccounts(temporal)) {
    accounts += 1;
    ofOpenOrders.delete(shown.account);
    if (listed.get(shown.account) !== shown.digest) differing.push(shown);
  }
  let told = 0;
  let unreadable = 0;
  await mapBounded(differing, AT_ONCE, async ({ workflowId, account, digest }) => {
    await pace.turn();
    // Its workflow reads it just so: what a list alone tells otherwise would be told for ever.
    const read = await readDigest(stripe, account);
    if (read === 'unreadable') unreadable += 1;
    else if (read !== digest && (await tellToLook(workflowId))) told += 1;
  });
  let followed = 0;
  const unfollowed = [...ofOpenOrders].filter((account) => listed.has(account));
  await mapBounded(unfollowed, AT_ONCE, async (account) => {
    await pace.turn();
    try {
      if (await pass.follow(account)) followed += 1;
    } catch (error) {
      judge(error);
      unreadable += 1;
    }
  });
  return { accounts, told, followed, unreadable };
}

async function listDigests(stripe: Stripe, pace: Pace): Promise<ReadonlyMap<string, number>> {
  const digests = new Map<string, number>();
  for (let after: string | undefined, hasMore = true; hasMore; ) {
    await pace.turn();
    const page = await stripe.accounts.list({
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { starting_after: after }),
    });
    for (const account of page.data) digests.set(account.id, accountDigest(accountFactsOf(account)));
    after = page.data.at(-1)?.id;
    hasMore = page.has_more && after !== undefined;
  }
  return digests;
}

/** Null: it is not connected any more. */
async function readDigest(stripe: Stripe, account: string): Promise<number | null | 'unreadable'> {
  try {
    const facts = await readConnection(stripe, account);
    return facts && accountDigest(facts);
  } catch (error) {
    judge(error);
    return 'unreadable';
  }
}
