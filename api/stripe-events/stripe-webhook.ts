import Stripe from 'stripe';
import { z } from 'zod';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { hintOf } from '../../domain/stripe-events/stripe-events.ts';
import { wellFormed } from '../../domain/texts/texts.ts';
import type { Delivery } from '../../stripe-events/deliver.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import { faultOf } from '../../temporal/faults.ts';
import type { Backend } from '../backend/backend.ts';
import { within } from '../backend/settle.ts';
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
export type Receipt =
  | Delivery
  /** Caused by a request of ours, whose answer said more. The feed of events checks it once more. */
  | 'own'
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

/** What must be there of an event before anything is made of it. */
const snapshot = z.looseObject({
  object: z.literal('event'),
  id: z.string().regex(/^[A-Za-z0-9_]{1,255}$/),
  type: z.string(),
  livemode: z.boolean(),
  data: z.looseObject({}),
});

/** `count`: counts what was received, by type and outcome. */
export function stripeWebhook(
  { temporal, taskQueue, stripe, webhookSecrets, livemode }: Backend,
  count: (type: string, outcome: Receipt) => void,
): Endpoint {
  const receive = async (raw: Buffer, signature: string | undefined) => {
    const event = verified(stripe, raw, signature, webhookSecrets);
    if (event.livemode !== livemode && !isOtherModes(event)) {
      const [theirs, ours] = livemode ? ['test', 'live'] : ['live', 'test'];
      throw refusal(`This is a ${theirs}-mode event, and the service works in ${ours} mode.`);
    }
    return event;
  };
  /** https://docs.stripe.com/connect/webhooks: refused, Stripe would repeat it for days and call the endpoint broken. */
  const isOtherModes = ({ livemode: theirs, account }: Stripe.Event): boolean =>
    livemode && !theirs && account !== undefined;
  return endpoint({
    method: 'post',
    path: WEBHOOK_PATH,
    role: 'open',
    tag: 'Webhooks',
    summary: 'Receive Stripe’s webhooks, of the platform and of its connected accounts',
    headers: z.object({ 'Stripe-Signature': z.string().optional() }),
    rawBodyMax: BODY_MAX,
    responses: { 200: { description: 'Taken, or of no concern.', schema: receipt } },
    async handle({ rawBody, headers }) {
      const event = await receive(rawBody, headers['Stripe-Signature']).catch((error: unknown) => {
        count('unknown', 'refused');
        throw error;
      });
      const taken = (outcome: Receipt) => {
        count(event.type, outcome);
        return { status: 200, body: { object: 'event_receipt', id: event.id, outcome } } as const;
      };
      if (isOtherModes(event)) return taken('other_mode');
      const hint = hintOf(event);
      if (hint.own) return taken('own');
      try {
        return taken(await within(temporal, TAKE_WITHIN_MS, () => deliver({ temporal, taskQueue }, hint)));
      } catch (error) {
        count(event.type, 'unavailable');
        if (faultOf(error) === null) throw error;
        throw new ProblemError(problem('unavailable', 'Temporal did not accept the event. Send it again.'));
      }
    },
  });
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
      const event = wellFormed(stripe.webhooks.constructEvent(raw, signature, secret, TOLERANCE_SECONDS));
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
