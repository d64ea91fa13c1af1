import type Stripe from 'stripe';
import { isMadeBy } from '../domain/ids.ts';
import type { AuthorizeOperation, ReauthorizeOperation } from '../domain/operations.ts';

/** Clocks of two parties differ a little: how far around a request its effect is looked for. */
export const CLOCK_SKEW_SECONDS = 300;
const PAGE_SIZE = 100;
/** 100,000 PaymentIntents: more than any platform creates in the window. */
const PAGES_MAX = 1_000;

/**
 * The id of the PaymentIntent that an authorize operation left behind, found by its metadata among those created since. Lists
 * are up to date at once; Stripe's search is not.
 */
export async function findPaymentOfOrder(
  stripe: Stripe,
  operation: AuthorizeOperation | ReauthorizeOperation,
): Promise<string | null> {
  const created = { gte: Math.floor(operation.requestedAt / 1000) - CLOCK_SKEW_SECONDS };
  const page: Stripe.PaymentIntentListParams = { created, limit: PAGE_SIZE };
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const { data, has_more } = await stripe.paymentIntents.list(page);
    const found = data.find(({ metadata }) => isMadeBy(operation, metadata));
    if (found) return found.id;
    const last = data.at(-1);
    if (!has_more || !last) return null;
    page.starting_after = last.id;
  }
  throw new Error(`more than ${PAGES_MAX * PAGE_SIZE} PaymentIntents since the request: cannot tell`);
}
