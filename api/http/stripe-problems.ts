import Stripe from 'stripe';
import type { Problem } from '../../domain/errors.ts';
import { KEY_REUSED, problem } from '../../domain/errors.ts';
import { classify, isNotOurs } from '../../stripe/errors.ts';
import { KEY_IN_USE } from './idempotency.ts';

/** What Stripe says itself may show a part of the key. */
const REFUSED_KEY =
  "Stripe refuses Waybill's own key, or what it is used for. Once an operator has replaced it, this works again.";
const NO_OBJECT = 'This platform has no such object at Stripe.';
/** An order, or a payout, may be there all the same, and a part of it on that account. */
const NO_ACCESS =
  'The platform has no access to the connected account at Stripe: there is none of that id, or its connection has ended.';

/** What Stripe says of a key that was made of the caller's own; null: its error is about something else. */
export function problemOfKey(error: Stripe.errors.StripeError): Problem | null {
  if (error.code === 'idempotency_key_in_use') return KEY_IN_USE;
  return error instanceof Stripe.errors.StripeIdempotencyError ? KEY_REUSED : null;
}

/** What an error of Stripe's is to the caller of what needs no workflow; null: not Stripe's doing. */
export function problemOfStripe(error: unknown): Problem | null {
  if (!(error instanceof Stripe.errors.StripeError)) return null;
  const stripe = {
    ...(error.code === undefined ? {} : { stripeCode: error.code }),
    ...(error.requestId === undefined ? {} : { stripeRequestId: error.requestId }),
  };
  const ofKey = problemOfKey(error);
  if (ofKey) return { ...ofKey, ...stripe };
  const { retryClass, problemCode, param } = classify(error);
  if (error.statusCode === 404 || problemCode === 'not_found') {
    return problem('not_found', isNotOurs(error) ? NO_ACCESS : NO_OBJECT, stripe);
  }
  const refusal = { ...stripe, ...(param === null ? {} : { param }) };
  switch (retryClass) {
    case 'refused':
    case 'account_restricted':
    case 'unexpected_state':
      return problem(problemCode, error.message, refusal);
    case 'declined':
      return problem('card_declined', error.message, {
        ...refusal,
        ...(error.decline_code === undefined ? {} : { declineCode: error.decline_code }),
      });
    case 'key_refused':
      return problem('unavailable', REFUSED_KEY, stripe);
    default:
      return problem('unavailable', 'Stripe is not answering. Try again.', stripe);
  }
}
