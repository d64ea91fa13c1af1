import Stripe from 'stripe';
import { z } from 'zod';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { eventRefOf } from '../../domain/stripe-events/stripe-events.ts';
import { wellFormed } from '../../domain/texts/texts.ts';
import type { Delivery } from '../../stripe-events/deliver.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import { faultOf } from '../../temporal/faults.ts';
import type { Backend } from '../backend/backend.ts';
import { within } from '../backend/wait.ts';
import { noteTestEvent, noteUnsignedTestEvent } from '../backend/webhook-tests.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { WEBHOOK_PATH } from '../http/rate-limit.ts';

/** Far above Stripe's largest events; one that is larger is found by the feed of events. */
const BODY_MAX = '512kb';
/** Stripe's own: an older signature may be a replay. */
const TOLERANCE_SECONDS = 300;
/** Stripe waits longer, and sends again what was not taken. */
const TAKE_WITHIN_MS = 8_000;

/** What became of an event that was received. */
type Receipt =
  | Delivery
  /** Caused by a request of ours, whose answer said more. The feed of events checks it once more. */
  | 'own'
  /** Sent because Waybill tests its webhooks. */
  | 'webhook_test'
  /** A test event of a connected account, which Stripe sends to the platform's live endpoint as well. */
  | 'other_mode'
  /** Not signed by Stripe, or of the other mode. */
  | 'refused'
  /** Temporal did not take it: Stripe sends it again. */
  | 'unavailable';

const receipt = z
  .object({
    object: z.literal('event_receipt'),
    id: z.string().describe('The id of the event.'),
    outcome: z.string().meta({ description: 'What became of it; for people and tests.' }),
  })
  .meta({ id: 'EventReceipt' });

/** More than twice Stripe's longest, and short enough to be the summary of a workflow, of which Temporal takes 400 bytes. */
const TYPE_LENGTH_MAX = 128;
/** The last one that a date can show. */
const CREATED_SECONDS_MAX = 8_640_000_000_000;

/** What is read of an event. The rest may be anything. */
const snapshot = z.looseObject({
  object: z.literal('event'),
  id: z.string().regex(/^[A-Za-z0-9_]{1,255}$/),
  type: z.string().max(TYPE_LENGTH_MAX),
  created: z.int().min(0).max(CREATED_SECONDS_MAX),
  livemode: z.boolean(),
  account: z.string().optional(),
  request: z
    .union([
      // Versions of Stripe's API before 2017 give the id alone.
      z.string(),
      z.looseObject({ id: z.string().nullish(), idempotency_key: z.string().nullish() }),
    ])
    .nullish(),
  data: z.looseObject({}),
});

export function stripeWebhook({
  temporal,
  taskQueue,
  stripe,
  webhookSecrets,
  livemode,
  metrics,
  stateSecret,
  logger,
}: Backend): Endpoint {
  const count = (type: string, outcome: Receipt) => metrics.countEvent(type, outcome);
  const tests = { temporal, stateSecret, logger };
  const received = async (raw: Buffer, signature: string | undefined): Promise<Stripe.Event> => {
    try {
      return verified(stripe, raw, signature, webhookSecrets);
    } catch (error) {
      count('unknown', 'refused');
      await noteUnsignedTestEvent(tests, raw);
      throw error;
    }
  };
  return endpoint({
    method: 'post',
    name: 'webhooks.stripe',
    path: WEBHOOK_PATH,
    role: 'open',
    tag: 'Webhooks',
    summary: 'Receive Stripe’s webhooks, of the platform and of its connected accounts',
    headers: z.object({
      'Stripe-Signature': z.string().optional().describe('Stripe’s signature of the body.'),
    }),
    rawBodyMax: BODY_MAX,
    responses: { 200: { description: 'Taken, or of no concern.', schema: receipt } },
    async handle({ rawBody, headers }) {
      const event = await received(rawBody, headers['Stripe-Signature']);
      // What is taken from an event is little: only that has to be well-formed.
      const ref = wellFormed(eventRefOf(event));
      const taken = (outcome: Receipt) => {
        count(ref.eventType, outcome);
        return { status: 200, body: { object: 'event_receipt', id: ref.eventId, outcome } } as const;
      };
      if (event.livemode !== livemode) {
        if (isTestOfConnectedAccount(event)) return taken('other_mode');
        count(ref.eventType, 'refused');
        const [theirs, ours] = livemode ? ['test', 'live'] : ['live', 'test'];
        throw refusal(`This is a ${theirs}-mode event, and the service works in ${ours} mode.`);
      }
      metrics.observeEventLag(Date.now() - event.created * 1_000);
      if (await noteTestEvent(tests, event, true)) return taken('webhook_test');
      if (ref.own) return taken('own');
      try {
        return taken(await within(temporal, TAKE_WITHIN_MS, () => deliver({ temporal, taskQueue }, ref)));
      } catch (error) {
        count(ref.eventType, 'unavailable');
        if (faultOf(error) === null) throw error;
        throw new ProblemError(problem('unavailable', 'Temporal did not accept the event. Send it again.'));
      }
    },
  });
}

/**
 * Stripe sends it to the live endpoint as well (https://docs.stripe.com/connect/webhooks). Refused, Stripe would repeat it for days
 * and call the endpoint broken.
 */
function isTestOfConnectedAccount({ livemode, account }: Stripe.Event): boolean {
  return !livemode && account !== undefined;
}

/** The event, if one of the secrets signed these very bytes: the platform's, that of Connect, or one being rolled. */
function verified(
  stripe: Stripe,
  raw: Buffer,
  signature: string | undefined,
  secrets: readonly string[],
): Stripe.Event {
  if (signature === undefined) throw refusal('The header Stripe-Signature is missing.');
  for (const secret of secrets) {
    try {
      const event = stripe.webhooks.constructEvent(raw, signature, secret, TOLERANCE_SECONDS);
      snapshot.parse(event);
      return event;
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) continue;
      throw refusal('The body is not an event.');
    }
  }
  throw refusal(
    secrets.length === 0
      ? 'No webhook secret is configured (STRIPE_WEBHOOK_SECRETS).'
      : 'The signature matches none of the configured secrets, or is too old.',
  );
}

function refusal(detail: string): ProblemError {
  return new ProblemError(problem('invalid_request', detail, { param: 'Stripe-Signature' }));
}
