import { isDeepStrictEqual } from 'node:util';
import type Stripe from 'stripe';
import type { AdoptOperation, OperationOutcome } from '../../contract/operations.ts';
import { PAYMENT_EXPANDS } from '../../domain/commands/stripe-expands.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { adoptedOf, decidedAtStripe, refusalOfAdoption, termsOf } from '../../stripe/adoption.ts';
import { unlessKeyUsed } from '../shared/claim.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';

type Read = Stripe.Response<Stripe.PaymentIntent>;

/**
 * Makes an existing PaymentIntent this order's, by its metadata, and reads all that happened to it. The idempotency key is
 * the PaymentIntent's: of two orders that ask for it at once, Stripe refuses one.
 */
export function adoptHandlers(deps: ActivityDeps, operation: AdoptOperation): Handlers {
  const { stripe } = deps;
  const { paymentIntent, orderId } = operation;
  const findEffect = async (): Promise<OperationOutcome | null> => {
    const intent = await retrieve(stripe, paymentIntent);
    return intent.metadata.waybill_order === orderId ? outcomeOf(deps, intent, operation) : null;
  };
  return {
    call: async (idempotencyKey) => {
      const intent = await retrieve(stripe, paymentIntent);
      if (intent.metadata.waybill_order === orderId) return outcomeOf(deps, intent, operation);
      const why = refusalOf(intent, operation);
      if (why) return refused(intent, why);
      await claim(stripe, operation, idempotencyKey);
      const claimed = await retrieve(stripe, paymentIntent);
      // It was claimed under this key before, and somebody has taken the claim off since: Stripe would only repeat itself.
      if (claimed.metadata.waybill_order === undefined) return keySpent(claimed);
      return outcomeOf(deps, claimed, operation);
    },
    findEffect,
    verify: async (id) => (id === paymentIntent ? findEffect() : null),
  };
}

async function claim(
  stripe: Stripe,
  { paymentIntent, orderId }: AdoptOperation,
  idempotencyKey: string,
): Promise<void> {
  const metadata = { waybill_order: orderId };
  await unlessKeyUsed(() => stripe.paymentIntents.update(paymentIntent, { metadata }, { idempotencyKey }));
}

async function outcomeOf(
  deps: ActivityDeps,
  intent: Read,
  operation: AdoptOperation,
): Promise<OperationOutcome> {
  const why = refusalOf(intent, operation);
  if (why) return refused(intent, why);
  const stripeRequestId = intent.lastResponse.requestId;
  return { type: 'adopted', adopted: await adoptedOf(deps, intent), stripeRequestId };
}

/**
 * The terms were read when the order was started; until it is the order's, somebody else may change the payment. What has been the
 * order's before is its own, whatever was authorized in addition or agreed anew at a capture since.
 */
function refusalOf(intent: Read, { orderId, livemode, terms, isReopened }: AdoptOperation): Problem | null {
  const why = refusalOfAdoption(intent, orderId, livemode);
  if (why || isReopened) return why;
  const now = decidedAtStripe(termsOf(intent, orderId));
  const isSame = isDeepStrictEqual(now, decidedAtStripe(terms));
  if (isSame) return null;
  return problem('state_conflict', `${intent.id} was changed in the meantime.`, { param: 'payment_intent' });
}

function keySpent({ lastResponse }: Read): OperationOutcome {
  return { type: 'key_spent', stripeRequestId: lastResponse.requestId };
}

function refused(intent: Read, why: Problem): OperationOutcome {
  return { type: 'refused', problem: why, payment: null, stripeRequestId: intent.lastResponse.requestId };
}

function retrieve(stripe: Stripe, id: string): Promise<Read> {
  return stripe.paymentIntents.retrieve(id, { expand: [...PAYMENT_EXPANDS] });
}
