import Stripe from 'stripe';
import type { ProblemCode, StripeFailure } from '../domain/errors.ts';

/** What an error of Stripe's means for the operation that met it. */
export type RetryClass =
  /** The issuer said no. A result, never retried. */
  | 'declined'
  /** Stripe refused the parameters; nothing moved. */
  | 'refused'
  /** The connected account cannot take the money as it is now; nothing moved. */
  | 'account_restricted'
  /** The object is in another state than expected: read it, it may be the wanted one. */
  | 'unexpected_state'
  /** Whether it took effect is unknown, or Stripe asks to come again: repeat with the same key. */
  | 'retry'
  /** Stripe failed, and replays that failure under this key: look whether it took effect. */
  | 'failed_under_key'
  /** Stripe refuses the key, so nothing happened: it goes on once the key is replaced. */
  | 'key_refused'
  /** Only an operator can fix the cause. */
  | 'attention';

interface Rule {
  readonly when: Partial<{
    code: string;
    type: string;
    param: string;
    status: number;
    statusFrom: number;
    shouldRetry: 'true' | 'false';
  }>;
  readonly retryClass: RetryClass;
  /** Problem code for a refusal, where it is not simply Stripe's. */
  readonly problem?: ProblemCode;
  /** Milliseconds to wait at least before the next attempt, where Stripe names no time itself. */
  readonly retryAfterMs?: number;
}

/** The one table from Stripe's errors to what happens next; the first rule that fits holds. */
const RULES: readonly Rule[] = [
  { when: { type: 'StripeConnectionError' }, retryClass: 'retry' },
  // An answer that is no JSON, cut off or from something in between: the client knows no status then.
  { when: { type: 'StripeAPIError', status: 0 }, retryClass: 'retry' },
  { when: { code: 'lock_timeout' }, retryClass: 'retry', retryAfterMs: 1_000 },
  { when: { code: 'idempotency_key_in_use' }, retryClass: 'retry', retryAfterMs: 1_000 },
  // It may come as a 429: the limit is the card's, and another card pays at once.
  { when: { code: 'card_decline_rate_limit_exceeded' }, retryClass: 'declined' },
  // Updates of one payment in an hour.
  { when: { code: 'payment_intent_rate_limit_exceeded' }, retryClass: 'retry', retryAfterMs: 30_000 },
  { when: { type: 'StripeRateLimitError' }, retryClass: 'retry', retryAfterMs: 2_000 },
  // Stripe-Should-Retry. Of a 500 it is not asked: whether the failure is stored shows when it is repeated.
  { when: { shouldRetry: 'true' }, retryClass: 'retry', retryAfterMs: 1_000 },
  { when: { statusFrom: 500 }, retryClass: 'failed_under_key' },
  { when: { code: 'payment_intent_unexpected_state' }, retryClass: 'unexpected_state' },
  { when: { code: 'charge_already_captured' }, retryClass: 'unexpected_state' },
  { when: { code: 'charge_expired_for_capture' }, retryClass: 'unexpected_state' },
  { when: { code: 'capture_charge_authorization_expired' }, retryClass: 'unexpected_state' },
  { when: { code: 'capture_unauthorized_payment' }, retryClass: 'unexpected_state' },
  { when: { type: 'StripeCardError' }, retryClass: 'declined' },
  // Of a wallet, a bank redirect or 3-D Secure, which Stripe calls an invalid request: the customer may pay another way.
  { when: { code: 'payment_intent_authentication_failure' }, retryClass: 'declined' },
  { when: { code: 'payment_intent_payment_attempt_expired' }, retryClass: 'declined' },
  { when: { code: 'payment_intent_payment_attempt_failed' }, retryClass: 'declined' },
  { when: { code: 'payment_method_customer_decline' }, retryClass: 'declined' },
  { when: { code: 'payment_method_provider_decline' }, retryClass: 'declined' },
  { when: { code: 'payment_method_provider_timeout' }, retryClass: 'declined' },
  { when: { type: 'StripeIdempotencyError' }, retryClass: 'refused', problem: 'idempotency_key_reused' },
  { when: { code: 'charge_disputed' }, retryClass: 'refused', problem: 'state_conflict' },
  { when: { code: 'refund_disputed_payment' }, retryClass: 'refused', problem: 'state_conflict' },
  { when: { code: 'charge_already_refunded' }, retryClass: 'refused', problem: 'state_conflict' },
  { when: { code: 'balance_insufficient' }, retryClass: 'refused', problem: 'balance_insufficient' },
  { when: { code: 'amount_too_small' }, retryClass: 'refused', problem: 'money_rule' },
  { when: { code: 'amount_too_large' }, retryClass: 'refused', problem: 'money_rule' },
  { when: { code: 'payouts_not_allowed' }, retryClass: 'refused', problem: 'account_not_ready' },
  {
    when: { code: 'insufficient_capabilities_for_transfer' },
    retryClass: 'account_restricted',
    problem: 'account_not_ready',
  },
  { when: { param: 'transfer_data[destination]' }, retryClass: 'account_restricted' },
  { when: { param: 'on_behalf_of' }, retryClass: 'account_restricted' },
  // With status 403, of an account that does not exist or is not the platform's.
  { when: { code: 'account_invalid' }, retryClass: 'account_restricted', problem: 'not_found' },
  // Another request was in the way: a conflict of states has a code of its own, with status 400.
  { when: { status: 409, shouldRetry: 'false' }, retryClass: 'attention' },
  { when: { status: 409 }, retryClass: 'retry', retryAfterMs: 1_000 },
  // Something outside Stripe that the request depends on failed.
  { when: { status: 424, shouldRetry: 'false' }, retryClass: 'attention' },
  { when: { status: 424 }, retryClass: 'retry', retryAfterMs: 1_000 },
  { when: { status: 400 }, retryClass: 'refused' },
  { when: { status: 404 }, retryClass: 'refused' },
  { when: { type: 'StripeAuthenticationError' }, retryClass: 'key_refused' },
  { when: { type: 'StripePermissionError' }, retryClass: 'key_refused' },
];

/** What an error without a code is called: Stripe's own type says `invalid_request_error` of a wrong key, too. */
const CODE_OF_TYPE: Readonly<Record<string, string>> = {
  StripeConnectionError: 'api_connection_error',
  StripeAPIError: 'api_error',
  StripeAuthenticationError: 'authentication_error',
  StripePermissionError: 'permission_error',
  StripeRateLimitError: 'rate_limit',
};

/** How Stripe's parameters are called in Waybill's requests. */
const OUR_PARAMS: Readonly<Record<string, string>> = {
  'transfer_data[destination]': 'connected_account',
  'transfer_data[amount]': 'transfer_amount',
  'card[token]': 'token',
  amount_to_capture: 'amount',
};

/** A payer that Stripe does not find is often one of another account: whoever meets that should learn the rule. */
const PAYERS: ReadonlySet<string> = new Set(['payment_method', 'customer']);
export const PAYER_ON_PLATFORM_HINT =
  'It must live on the platform: what is saved on a connected account can be charged by that account alone.';

export interface ClassifiedError {
  readonly retryClass: RetryClass;
  readonly failure: StripeFailure;
  readonly problemCode: ProblemCode;
  /** The field of the caller's request. */
  readonly param: string | null;
  /** Not to be repeated before, in milliseconds; null: at once. */
  readonly retryAfterMs: number | null;
  /** The answer was a stored one: the request itself has ended. */
  readonly replayed: boolean;
}

/** Classifies an error that the Stripe client threw; anything that is not a Stripe error is thrown on. */
export function classify(error: unknown): ClassifiedError {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const rule = RULES.find(({ when }) => fits(when, error));
  return {
    retryClass: rule?.retryClass ?? 'attention',
    failure: {
      code: error.code ?? CODE_OF_TYPE[error.type] ?? error.rawType ?? error.type,
      message: messageOf(error),
      stripeRequestId: error.requestId ?? null,
    },
    problemCode: rule?.problem ?? 'stripe_refused',
    param: paramOf(error),
    retryAfterMs: retryAfterMsOf(error) ?? rule?.retryAfterMs ?? null,
    replayed: error.headers?.['idempotent-replayed'] === 'true',
  };
}

/** Of a payment method whose customer is not given Stripe misses a `source`, the form that came before both. */
function paramOf({ code, param }: Stripe.errors.StripeError): string | null {
  if (!param) return null;
  if (param === 'source' && code === 'parameter_missing') return 'customer';
  return OUR_PARAMS[param] ?? param;
}

const REFUSALS: ReadonlySet<RetryClass> = new Set(['refused', 'account_restricted']);

/** Null where Stripe refuses a read: no such object, or none of ours. */
export async function nullIfRefused<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (REFUSALS.has(classify(error).retryClass)) return null;
    throw error;
  }
}

/** Stripe says so of an account that the platform has no access to: unknown, or no longer connected. */
export function isNotOurs(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'account_invalid';
}

/** Stripe's Retry-After. */
function retryAfterMsOf({ headers }: Stripe.errors.StripeError): number | null {
  const seconds = Number.parseFloat(headers?.['retry-after'] ?? '');
  return seconds > 0 ? seconds * 1_000 : null;
}

/** With what broke a connection: a name that is not found, a refused port. */
function messageOf({ code, param, message, detail }: Stripe.errors.StripeError): string {
  const cause: unknown = Object(detail).message;
  if (typeof cause === 'string' && cause !== '') return `${message} (${cause})`;
  const teaches = code === 'resource_missing' && PAYERS.has(param ?? '');
  return teaches ? `${message.replace(/[.;]?$/, '.')} ${PAYER_ON_PLATFORM_HINT}` : message;
}

function fits(when: Rule['when'], error: Stripe.errors.StripeError): boolean {
  const status = error.statusCode ?? 0;
  return (
    (when.code === undefined || when.code === error.code) &&
    (when.type === undefined || when.type === error.type) &&
    (when.param === undefined || when.param === error.param) &&
    (when.status === undefined || when.status === status) &&
    (when.statusFrom === undefined || status >= when.statusFrom) &&
    (when.shouldRetry === undefined || when.shouldRetry === error.headers?.['stripe-should-retry'])
  );
}
