import type Stripe from 'stripe';
import type {
  AuthorizeOperation,
  CancelOperation,
  CaptureOperation,
  ConfirmOperation,
  IncrementOperation,
  OperationOutcome,
  ReauthorizeOperation,
  ReleaseOperation,
} from '../../contract/operations.ts';
import type { PaymentMethodRef } from '../../domain/commands/payment-method-ref.ts';
import { PAYMENT_EXPANDS, pinnedExpands } from '../../domain/commands/stripe-expands.ts';
import { problem } from '../../domain/errors.ts';
import type { PaymentFacts } from '../../domain/orders/payment.ts';
import { hasLapsed } from '../../domain/orders/payment-transition.ts';
import { adoptedOf } from '../../stripe/adoption.ts';
import { declinedOutcome, lastDeclineOf } from '../../stripe/declines.ts';
import { classify } from '../../stripe/errors.ts';
import { idOf, paymentFactsOf } from '../../stripe/payment-facts.ts';
import { settlementOf } from '../../stripe/settlement.ts';
import { claim } from '../shared/claim.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';
import { hasCapture, withMark } from './capture-marks.ts';
import { findCreatedOrder, findPaymentOfOrder } from './find-payment.ts';
import { paymentMethodFor, paymentMethodId } from './payment-methods.ts';
import { assertSameMoney, paymentParams, shareParams } from './payment-params.ts';

type Read = Stripe.Response<Stripe.PaymentIntent>;

/** Creates and confirms the order's PaymentIntent in one call; a one-off token is made a payment method before. */
export function authorizeHandlers(deps: ActivityDeps, operation: AuthorizeOperation): Handlers {
  return {
    ...creatingHandlers(deps, operation),
    findCreated: async () => {
      const created = await findCreatedOrder(deps.stripe, operation);
      if (created === null || 'type' in created) return created;
      return adoptedOutcome(deps, await retrieve(deps.stripe, created.id));
    },
  };
}

function creatingHandlers(
  { stripe, now }: ActivityDeps,
  operation: AuthorizeOperation | ReauthorizeOperation,
): Handlers {
  const { terms } = operation;
  return {
    call: async (idempotencyKey) => {
      const { method, refusal } = await paymentMethodFor(stripe, operation, terms.source);
      if (refusal) return refusal;
      const intent = await stripe.paymentIntents.create(paymentParams(operation, method), { idempotencyKey });
      assertSameMoney(intent, terms);
      return paymentOutcome(stripe, intent);
    },
    findEffect: async () => {
      const id = await findPaymentOfOrder(stripe, operation);
      return id ? paymentOutcome(stripe, await retrieve(stripe, id)) : null;
    },
    verify: (id) =>
      claim(operation, {
        retrieve: () => retrieve(stripe, id),
        isLike: (intent) =>
          // The payment whose place is to be taken may be an adopted one, which bears no operation.
          !('replaces' in operation && id === operation.replaces) &&
          intent.amount === terms.amount &&
          intent.currency === terms.currency &&
          idOf(intent.transfer_data?.destination) === terms.connectedAccount,
        mark: (metadata, options) => stripe.paymentIntents.update(id, { metadata }, options),
        outcome: (intent) => paymentOutcome(stripe, intent),
      }),
    onDecline: (error, classified) => declinedOutcome(error, classified, now()),
  };
}

/** Renews an authorization that soon lapses, with the same payment method and without the customer. */
export function reauthorizeHandlers(deps: ActivityDeps, operation: ReauthorizeOperation): Handlers {
  return {
    ...creatingHandlers(deps, operation),
    call: async (idempotencyKey) => {
      const { payment_method: used } = await deps.stripe.paymentIntents.retrieve(operation.replaces);
      const id = idOf(used);
      const { source } = operation.terms;
      const method: PaymentMethodRef | null = id ? { type: 'payment_method', id } : source.method;
      const terms = { ...operation.terms, source: { ...source, method }, offSession: true };
      return creatingHandlers(deps, { ...operation, terms }).call(idempotencyKey);
    },
  };
}

/** Confirms with another payment method after a decline, or goes on after the customer authenticated. */
export function confirmHandlers({ stripe, now }: ActivityDeps, operation: ConfirmOperation): Handlers {
  const { paymentIntent, method, returnUrl } = operation;
  return {
    // Another method can lead to a challenge; the return from one cannot be distinguished from being still in it.
    ...effectOnPayment(
      stripe,
      paymentIntent,
      ({ status }) => CONFIRMED.has(status) || (method !== null && status === 'requires_action'),
    ),
    call: async (idempotencyKey) => {
      // After authentication Stripe continues on its own. There is something to do only where it waits for the server.
      const intent = method ? null : await retrieve(stripe, paymentIntent);
      if (intent && intent.status !== 'requires_confirmation') {
        return paymentOutcome(stripe, intent, now());
      }
      const params = {
        ...(method ? { payment_method: await paymentMethodId(stripe, operation, method) } : {}),
        ...(returnUrl ? { return_url: returnUrl } : {}),
        expand: pinnedExpands(operation),
      };
      return paymentOutcome(
        stripe,
        await stripe.paymentIntents.confirm(paymentIntent, params, { idempotencyKey }),
      );
    },
    onDecline: (error, classified) => declinedOutcome(error, classified, now()),
  };
}

/** Captures the authorization, and releases the rest. */
export function captureHandlers(deps: ActivityDeps, operation: CaptureOperation): Handlers {
  if (!operation.final) return partialCaptureHandlers(deps, operation);
  const { paymentIntent, amount, amountCapturedBefore } = operation;
  const isDone = ({ status, amount_received }: Stripe.PaymentIntent) =>
    status === 'succeeded' && amount_received === amountCapturedBefore + amount;
  return {
    ...effectOnPayment(deps.stripe, paymentIntent, isDone),
    call: (idempotencyKey) => capture(deps, operation, { idempotencyKey }),
  };
}

/** Captures a part. Stripe would do that again once it has forgotten the key, so the capture leaves its mark. */
function partialCaptureHandlers(deps: ActivityDeps, operation: CaptureOperation): Handlers {
  const { stripe } = deps;
  const { paymentIntent } = operation;
  return {
    ...effectOnPayment(stripe, paymentIntent, (intent) => hasCapture(operation, intent)),
    call: async (idempotencyKey) => {
      const intent = await retrieve(stripe, paymentIntent);
      if (hasCapture(operation, intent)) return paymentOutcome(stripe, intent);
      const params = { final_capture: false, ...withMark(operation, intent) };
      return capture(deps, operation, { idempotencyKey }, params);
    },
  };
}

async function capture(
  { stripe }: ActivityDeps,
  operation: CaptureOperation,
  options: Stripe.RequestOptions,
  params: Stripe.PaymentIntentCaptureParams = {},
): Promise<OperationOutcome> {
  const { paymentIntent, amount, share } = operation;
  const asked = {
    amount_to_capture: amount,
    ...(share ? shareParams(share) : {}),
    ...params,
    expand: pinnedExpands(operation),
  };
  return paymentOutcome(stripe, await stripe.paymentIntents.capture(paymentIntent, asked, options));
}

/** Raises what is authorized. Where the issuer says no, the authorization stays as it was. */
export function incrementHandlers({ stripe, now }: ActivityDeps, operation: IncrementOperation): Handlers {
  const { paymentIntent, amount } = operation;
  return {
    ...effectOnPayment(stripe, paymentIntent, (intent) => intent.amount >= amount),
    call: async (idempotencyKey) =>
      paymentOutcome(
        stripe,
        await stripe.paymentIntents.incrementAuthorization(
          paymentIntent,
          { amount, expand: pinnedExpands(operation) },
          { idempotencyKey },
        ),
      ),
    onDecline: (error, classified) => declinedOutcome(error, classified, now(), null),
  };
}

/** Cancels an uncaptured PaymentIntent and releases what it held. */
export function cancelHandlers(
  { stripe }: ActivityDeps,
  operation: Pick<CancelOperation, 'paymentIntent' | 'reason' | 'expand' | 'unlessPaid'>,
): Handlers {
  const { paymentIntent, reason, unlessPaid } = operation;
  return {
    ...effectOnPayment(stripe, paymentIntent, ({ status }) => status === 'canceled'),
    call: async (idempotencyKey) => {
      // Stripe cancels an authorization too, and the order may not have heard of it.
      const known = unlessPaid ? await retrieve(stripe, paymentIntent) : null;
      if (known && !UNPAID.has(known.status)) return paymentOutcome(stripe, known);
      const params = {
        ...(reason ? { cancellation_reason: reason } : {}),
        expand: pinnedExpands({ ...operation, operation: 'cancel' }),
      };
      return paymentOutcome(
        stripe,
        await stripe.paymentIntents.cancel(paymentIntent, params, { idempotencyKey }),
      );
    },
  };
}

const UNPAID: ReadonlySet<string> = new Set([
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
]);

/**
 * Cancels the PaymentIntent that another one has made needless, unless somebody captured a part of it: then it is the payment, and
 * what is left of it may still be captured. Refused where somebody canceled it first.
 */
export function releaseHandlers(deps: ActivityDeps, operation: ReleaseOperation): Handlers {
  const { stripe } = deps;
  const { paymentIntent } = operation;
  const handlers = cancelHandlers(deps, { ...operation, reason: null });
  return {
    ...handlers,
    call: async (idempotencyKey) => {
      const intent = await retrieve(stripe, paymentIntent);
      if (intent.amount_received > 0) return paymentOutcome(stripe, intent);
      try {
        return await handlers.call(idempotencyKey);
      } catch (error) {
        if (classify(error).retryClass !== 'unexpected_state') throw error;
        const now = await retrieve(stripe, paymentIntent);
        if (!wasWithdrawn(now, operation)) throw error;
        const why = `${paymentIntent} was canceled by somebody else before it could be released.`;
        const payment = paymentFactsOf(now, null);
        const { requestId: stripeRequestId } = now.lastResponse;
        return { type: 'refused', payment, problem: problem('state_conflict', why), stripeRequestId };
      }
    },
  };
}

/**
 * Whether somebody canceled it who could not know of the one that took its place: the order learned of that when it first asked for the
 * release. To a repeat of that request Stripe gives its first answer.
 */
function wasWithdrawn(
  { status, cancellation_reason: cancellationReason, canceled_at: at }: Stripe.PaymentIntent,
  { requestedAt }: ReleaseOperation,
): boolean {
  const isCanceled = status === 'canceled' && !hasLapsed({ cancellationReason });
  return isCanceled && at !== null && at * 1000 <= requestedAt;
}

/** The payment as Stripe knows it now. */
async function readPayment(stripe: Stripe, paymentIntent: string): Promise<PaymentFacts> {
  const intent = await retrieve(stripe, paymentIntent);
  return paymentFactsOf(intent, await settlementOf(stripe, intent));
}

/** How an operation on a known PaymentIntent is looked up: its effect is there once the PaymentIntent `isDone`. */
function effectOnPayment(stripe: Stripe, id: string, isDone: (intent: Stripe.PaymentIntent) => boolean) {
  const findEffect = async (): Promise<OperationOutcome | null> => {
    const intent = await retrieve(stripe, id);
    return isDone(intent) ? paymentOutcome(stripe, intent) : null;
  };
  return {
    findEffect,
    verify: async (stripeId: string) => (stripeId === id ? findEffect() : null),
    readPayment: () => readPayment(stripe, id),
  };
}

function retrieve(stripe: Stripe, id: string): Promise<Read> {
  return stripe.paymentIntents.retrieve(id, { expand: [...PAYMENT_EXPANDS] });
}

const CONFIRMED: ReadonlySet<string> = new Set(['processing', 'requires_capture', 'succeeded']);

/** What became of a payment that an earlier request created: all that happened to it, or the decline that it ended in. */
async function adoptedOutcome(deps: ActivityDeps, intent: Read): Promise<OperationOutcome> {
  const outcome = await paymentOutcome(deps.stripe, intent);
  if (outcome.type === 'declined') return outcome;
  const { stripeRequestId } = outcome;
  return { type: 'adopted', adopted: await adoptedOf(deps, intent), stripeRequestId };
}

/** `at`: when a decline that it remembers became known, in milliseconds; Stripe does not say when it happened. */
async function paymentOutcome(
  stripe: Stripe,
  intent: Read,
  at = intent.created * 1000,
): Promise<OperationOutcome> {
  const stripeRequestId = intent.lastResponse.requestId;
  const payment = paymentFactsOf(intent, await settlementOf(stripe, intent));
  const decline = lastDeclineOf(intent, at);
  return decline
    ? { type: 'declined', decline, payment, stripeRequestId }
    : { type: 'payment', payment, stripeRequestId };
}
