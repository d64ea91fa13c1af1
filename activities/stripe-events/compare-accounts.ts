import type Stripe from 'stripe';
import { accountDigest } from '../../domain/accounts/account-digest.ts';
import { mapBounded } from '../../domain/bounded.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import { judge } from '../../stripe/errors.ts';
import type { ShownAccount } from '../../stripe-events/shown.ts';
import { shownAccounts } from '../../stripe-events/shown.ts';
import { readConnection } from '../accounts/account-connection.ts';
import type { Pace } from '../shared/pace.ts';
import { retryableRead } from '../shared/run-once.ts';
import type { Compared, Pass } from './pass.ts';

const PAGE_SIZE = 100;
/** One that Stripe answers slowly holds up none of the others. */
const AT_ONCE = 5;

/** Tells the workflows of accounts that show something else than Stripe does. */
export async function compareAccounts({ stripe, temporal, pace, tellToLook }: Pass): Promise<Compared> {
  const listed = await retryableRead(() => listDigests(stripe, pace));
  const differing: ShownAccount[] = [];
  let accounts = 0;
  for await (const shown of shownAccounts(temporal)) {
    accounts += 1;
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
  return { accounts, told, unreadable };
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
