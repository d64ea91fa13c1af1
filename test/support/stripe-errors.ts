import Stripe from 'stripe';

/** What Stripe's client makes of an error answer: the body's `error`, and what the answer's head says. */
export interface RawStripeError {
  readonly statusCode?: number;
  readonly type?: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly message?: string;
  readonly requestId?: string;
  readonly headers?: Record<string, string>;
  readonly payment_intent?: object;
}

/** The error that the official client throws for such an answer. */
export function stripeError(raw: RawStripeError): Stripe.errors.StripeError {
  type Raw = Parameters<typeof Stripe.errors.generateV1Error>[0];
  return Stripe.errors.generateV1Error({
    message: 'said Stripe',
    headers: {},
    requestId: 'req_1',
    ...raw,
  } as unknown as Raw);
}

/** No answer at all: refused, reset, or timed out after the effect. */
export function connectionError(message = 'socket hang up'): Stripe.errors.StripeError {
  return new Stripe.errors.StripeConnectionError({ message } as Stripe.StripeRawError);
}

/** An answer that was cut off or is not Stripe's: the client knows no status of it. */
export function unreadableAnswer(): Stripe.errors.StripeError {
  return new Stripe.errors.StripeAPIError({
    message: 'Invalid JSON received from the Stripe API',
  } as Stripe.StripeRawError);
}

/** A 500, the answer that Stripe stores under the key; `replayed`: it came out of that store. */
export function serverError(replayed: boolean): Stripe.errors.StripeError {
  return stripeError({
    statusCode: 500,
    type: 'api_error',
    headers: replayed ? { 'idempotent-replayed': 'true' } : {},
  });
}
