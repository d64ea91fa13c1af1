import type Stripe from 'stripe';
import { directIdempotencyKey } from '../domain/ids.ts';
import type { WebhookSide } from '../domain/stripe-events/webhook-test.ts';
import {
  NO_TEST_METADATA,
  TEST_EVENTS,
  testMarkOf,
  testMetadata,
} from '../domain/stripe-events/webhook-test.ts';
import { asAccount, asPlatform } from './acting-as.ts';
import { STRIPE_READ } from './read-options.ts';

const EVENTS_MAX = 100;
/** What Stripe calls now may be a little before what this process does. */
const CLOCK_SLACK_SECONDS = 60;
/** Nobody confirms it, so that neither matters. */
const AMOUNT = 10_000;
const CURRENCY = 'usd';

/** Has Stripe send the event to the endpoints of the platform: a payment that nobody pays is created and canceled. */
export async function sendPlatformEvent(stripe: Stripe, mark: string, testId: string): Promise<void> {
  const { id } = await stripe.paymentIntents.create(
    {
      amount: AMOUNT,
      currency: CURRENCY,
      description: 'Waybill tests its webhooks: no payment',
      metadata: testMetadata(mark),
    },
    keyed('create', testId),
  );
  await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' }, keyed('cancel', testId));
}

/** The same to those of Connect: a connected account's metadata gets the mark. {@link removeMark} takes it back. */
export async function sendConnectEvent(
  stripe: Stripe,
  account: string,
  mark: string,
  testId: string,
): Promise<void> {
  await stripe.accounts.update(account, { metadata: testMetadata(mark) }, keyed('mark', testId));
}

export async function removeMark(stripe: Stripe, account: string, testId: string): Promise<void> {
  await stripe.accounts.update(account, { metadata: { ...NO_TEST_METADATA } }, keyed('unmark', testId));
}

/** How many endpoints have not accepted the event of that mark; null: Stripe lists no such event. `since`: seconds since the epoch. */
export async function pendingAtStripe(
  stripe: Stripe,
  { side, mark, since, account }: { side: WebhookSide; mark: string; since: number; account: string | null },
): Promise<number | null> {
  const created = { gte: Math.floor(since) - CLOCK_SLACK_SECONDS };
  const options = { ...STRIPE_READ, ...(account === null ? asPlatform : asAccount(account)) };
  const { data } = await stripe.events.list({ type: TEST_EVENTS[side], created, limit: EVENTS_MAX }, options);
  return data.find((event) => testMarkOf(event.data.object) === mark)?.pending_webhooks ?? null;
}

function keyed(call: string, testId: string) {
  return { ...STRIPE_READ, idempotencyKey: directIdempotencyKey(`webhook_test_${call}`, testId) };
}
