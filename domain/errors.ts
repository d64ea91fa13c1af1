/**
 * Why a command was not carried out, as a value. `api/http/problems.ts` maps each code to its HTTP status; nothing else
 * decides what a caller sees.
 */
export type ProblemCode =
  /** The request itself is malformed: unknown field, wrong type, bad JSON. */
  | 'invalid_request'
  /** The request is well-formed and breaks a rule of money. */
  | 'money_rule'
  /** The account's available balance does not cover it. */
  | 'balance_insufficient'
  /** The order is in a state that does not allow this. */
  | 'state_conflict'
  /** An operation of this order is stuck: resolve it first. */
  | 'needs_attention'
  | 'needs_approval'
  /** The connected account cannot take this money; the detail says what is missing. */
  | 'account_not_ready'
  /** The account's owner did not let the platform connect it. */
  | 'access_denied'
  /** The issuer declined the payment method. */
  | 'card_declined'
  /** Stripe refused the request; nothing moved. */
  | 'stripe_refused'
  /** The Idempotency-Key was used with another body. */
  | 'idempotency_key_reused'
  /** A request with this Idempotency-Key is still running. */
  | 'idempotency_key_in_use'
  /** An object of this kind with this id exists. */
  | 'order_exists'
  | 'transfer_exists'
  | 'payout_exists'
  | 'account_exists'
  /** No such object. */
  | 'not_found'
  /** Missing or unknown API key. */
  | 'unauthenticated'
  /** The API key's role is too low. */
  | 'forbidden'
  | 'method_not_allowed'
  | 'too_many_requests'
  /** Above what the caller's key may give away at once. */
  | 'limit_exceeded'
  /** Above what the caller's key, or the connected account, may move out in a day. */
  | 'day_limit_exceeded'
  /** More is asked of the service than it can do now; nothing was done. */
  | 'overloaded'
  | 'payload_too_large'
  | 'unsupported_media_type'
  /** The request line and headers are too long. */
  | 'headers_too_large'
  /** The request did not arrive in time. */
  | 'request_timeout'
  /** Temporal, or every worker, is out of reach. */
  | 'unavailable'
  | 'internal';

/** One invalid field. */
export interface FieldError {
  readonly param: string;
  readonly detail: string;
}

/** A refusal with what a caller needs to correct it. `param`: the offending field, the way Stripe names it: `metadata[foo]`. `errors`: all of them, the first included. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly param?: string;
  readonly errors?: readonly FieldError[];
  readonly declineCode?: string;
  readonly stripeCode?: string;
  readonly stripeRequestId?: string;
}

/** Builds a {@link Problem}. */
export function problem(
  code: ProblemCode,
  detail: string,
  extra: Omit<Problem, 'code' | 'detail'> = {},
): Problem {
  return { code, detail, ...extra };
}

/** The key's first request was another one. */
export const KEY_REUSED = problem(
  'idempotency_key_reused',
  'This Idempotency-Key was used before for another request.',
  { param: 'Idempotency-Key' },
);

/** `type` of the ApplicationFailure that an update's validator or a refused order throws; its first detail is a {@link Problem}. */
export const COMMAND_REFUSED = 'CommandRefused';

/** `type` of the ApplicationFailure that ends an update whose command waits in the workflow's next run: the same update finds it there. */
export const COMMAND_CARRIED = 'CommandCarried';

/** `type` of the ApplicationFailure of a Stripe call that may succeed when repeated with the same key. */
export const STRIPE_RETRYABLE = 'StripeRetryable';

/** `type` of the ApplicationFailure of a Stripe call whose cause only an operator can fix. */
export const STRIPE_NEEDS_ATTENTION = 'StripeNeedsAttention';

/** `type` of the ApplicationFailure of a Stripe call that nothing came of, since Stripe refused the key. */
export const STRIPE_KEY_REFUSED = 'StripeKeyRefused';

/** First detail of the three failures above: what an operator needs to know. */
export interface StripeFailure {
  readonly code: string;
  readonly message: string;
  readonly stripeRequestId: string | null;
}
