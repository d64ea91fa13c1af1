import pMap from 'p-map';
import { payoutWorkflowId } from '../../domain/ids.ts';
import type { StripePayoutStatus } from '../../domain/payouts/payout.ts';
import { isPayoutNews } from '../../domain/payouts/payout.ts';
import { payoutNamedIn } from '../../domain/stripe-events/stripe-events.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import type { ClassifiedError } from '../../stripe/errors.ts';
import { classify, isNotOurs } from '../../stripe/errors.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import type { VisiblePayouts } from '../../stripe-events/visible-state.ts';
import { visiblePayouts } from '../../stripe-events/visible-state.ts';
import { failureOfRead } from '../shared/run-once.ts';
import type { Compared, Pass } from './pass.ts';

const PAGE_SIZE = 100;
/** Of an account's payouts, newest first, in which those on their way are looked for. */
const PAGES_MAX = 3;
/** One that Stripe answers slowly holds up none of the others. */
const AT_ONCE = 5;

/** Signals the workflows of payouts that are further at Stripe than they show. */
export async function comparePayouts(pass: Pass): Promise<Compared> {
  const byAccount = [...(await visiblePayouts(pass.temporal))];
  const unread: ClassifiedError[] = [];
  let read = 0;
  let requested = 0;
  await pMap(
    byAccount,
    async ([account, shown]) => {
      try {
        const seen = await seenAtStripe(pass, account, shown);
        read += 1;
        for (const id of further(shown, seen))
          if (await pass.requestRefresh(payoutWorkflowId(id))) requested += 1;
      } catch (error) {
        // An account that is gone is the business of the comparison of accounts.
        if (isNotOurs(error)) return;
        const classified = classify(error);
        pass.logUnreadable(account, classified.failure);
        unread.push(classified);
      }
    },
    { concurrency: AT_ONCE },
  );
  const [first] = unread;
  // That is no account's own trouble, but Stripe's or the key's, and whoever looks at the run should see it.
  if (first && read === 0) throw failureOfRead(first);
  return { accounts: byAccount.length, requested, unreadable: unread.length };
}

function further(shown: VisiblePayouts, seen: VisiblePayouts): string[] {
  return [...shown].flatMap(([id, known]) => {
    const status = seen.get(id);
    return status !== undefined && isPayoutNews(known, status) ? [id] : [];
  });
}

async function seenAtStripe(
  { stripe, pace }: Pass,
  account: string,
  shown: VisiblePayouts,
): Promise<VisiblePayouts> {
  const seen = new Map<string, StripePayoutStatus>();
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX && seen.size < shown.size; page++) {
    await pace.acquire();
    const { data, has_more: hasMore } = await payoutsOf(stripe, asAccount(account)).list({
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { starting_after: after }),
    });
    for (const { metadata, status } of data) {
      const id = payoutNamedIn(metadata);
      // The newest stands for a payout that was made again after it had failed.
      if (id !== null && shown.has(id) && !seen.has(id)) seen.set(id, status as StripePayoutStatus);
    }
    after = data.at(-1)?.id;
    if (!hasMore) break;
  }
  return seen;
}
