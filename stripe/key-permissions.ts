import type Stripe from 'stripe';
import { asPlatform } from './acting-as.ts';
import { classify } from './errors.ts';
import { balanceOf } from './own-money.ts';
import { STRIPE_READ } from './read-options.ts';

/** What a Stripe key may do, each by the kind of object. */
export interface KeyPermissions {
  readonly reads: Permissions;
  readonly writes: Permissions;
}

interface Permissions {
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

type Calls = Readonly<Record<string, () => Promise<unknown>>>;

/** No object has this id, so a write to it changes nothing: Stripe does not find it, or refuses the key before it looks. */
const NOBODY = 'nobody_has_this_id';

export async function permissionsOf(stripe: Stripe): Promise<KeyPermissions> {
  const [reads, writes] = await Promise.all([tryAll(readsOf(stripe)), tryAll(writesOf(stripe))]);
  return { reads, writes };
}

/** What Waybill reads. */
function readsOf(stripe: Stripe): Calls {
  const one = { limit: 1 };
  return {
    accounts: () => stripe.accounts.list(one, STRIPE_READ),
    'balance transactions': () => balanceOf(stripe, asPlatform).transactions(one, STRIPE_READ),
    charges: () => stripe.charges.list(one, STRIPE_READ),
    customers: () => stripe.customers.list(one, STRIPE_READ),
    disputes: () => stripe.disputes.list(one, STRIPE_READ),
    events: () => stripe.events.list(one, STRIPE_READ),
    'payment intents': () => stripe.paymentIntents.list(one, STRIPE_READ),
    refunds: () => stripe.refunds.list(one, STRIPE_READ),
    reviews: () => stripe.reviews.list(one, STRIPE_READ),
    transfers: () => stripe.transfers.list(one, STRIPE_READ),
  };
}

/**
 * What Waybill writes as the platform. Accounts are not among it: of one that does not exist Stripe says the same as of one that is
 * not the key's.
 */
function writesOf(stripe: Stripe): Calls {
  return {
    'application fee refunds': () => stripe.applicationFees.createRefund(NOBODY, {}, STRIPE_READ),
    customers: () => stripe.customers.update(NOBODY, {}, STRIPE_READ),
    disputes: () => stripe.disputes.update(NOBODY, {}, STRIPE_READ),
    'payment intents': () => stripe.paymentIntents.update(NOBODY, {}, STRIPE_READ),
    'payment methods': () => stripe.paymentMethods.update(NOBODY, {}, STRIPE_READ),
    refunds: () => stripe.refunds.update(NOBODY, {}, STRIPE_READ),
    transfers: () => stripe.transfers.update(NOBODY, {}, STRIPE_READ),
  };
}

async function tryAll(calls: Calls): Promise<Permissions> {
  const tried = await Promise.all(
    Object.entries(calls).map(async ([name, call]) => ({ name, isAllowed: await isAllowed(call) })),
  );
  const named = (wanted: boolean) => tried.filter((one) => one.isAllowed === wanted).map(({ name }) => name);
  return { allowed: named(true), refused: named(false) };
}

/** Stripe's other refusals come after it has taken the key. What else fails says nothing about the key. */
async function isAllowed(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    const { retryClass } = classify(error);
    if (retryClass === 'key_refused') return false;
    if (retryClass === 'refused') return true;
    throw error;
  }
}
