import type { PaymentIntent } from '../objects/payments.ts';

export interface ErrorBody {
  advice_code?: string;
  network_advice_code?: string;
  network_decline_code?: string;
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  code?: string;
  decline_code?: string;
  message: string;
  param?: string;
  charge?: string;
  payment_intent?: unknown;
  payment_method?: unknown;
  request_log_url?: string;
}

export interface ErrorTraits {
  /** What the request did before it failed stays: a declined confirmation leaves its failed charge behind. */
  keepsEffects?: boolean;
  /** The error concerns a PaymentIntent that Stripe embeds in the answer. */
  intent?: string;
  /** Not stored under the idempotency key: the endpoint never started. */
  notSaved?: boolean;
  shouldRetry?: boolean;
  /** Refused at the door: Stripe names no log of it. */
  unlogged?: boolean;
  /** The answer's whole body, where it is not Stripe's envelope: OAuth has its own. */
  body?: Record<string, unknown>;
}

export class StripeError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly traits: ErrorTraits;

  constructor(status: number, body: ErrorBody, traits: ErrorTraits = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.traits = traits;
  }
}

/** Stripe's envelope; an error with a code says where to read about it. */
export function errorEnvelope(body: ErrorBody): { error: Record<string, unknown> } {
  const { code } = body;
  const doc = code ? { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` } : {};
  return { error: { ...body, ...doc } };
}

export function invalid(message: string, param?: string, code?: string): StripeError {
  return new StripeError(400, {
    ...(code === undefined ? {} : { code }),
    message,
    ...(param === undefined ? {} : { param }),
    type: 'invalid_request_error',
  });
}

/** Found wrong while the parameters were read, before the endpoint started. */
export function malformed(message: string, param?: string, code?: string): StripeError {
  const { status, body } = invalid(message, param, code);
  return new StripeError(status, body, { notSaved: true });
}

/** An id in a parameter that leads nowhere is 400, part of checking the parameters; in the path it is 404. */
export function noSuch(what: string, id: string, param: string, status: 400 | 404 = 400): StripeError {
  return new StripeError(
    status,
    { code: 'resource_missing', message: `No such ${what}: '${id}'`, param, type: 'invalid_request_error' },
    { notSaved: true },
  );
}

/** The same error with the PaymentIntent in it. */
export function concerning({ id: intent }: Pick<PaymentIntent, 'id'>, { status, body, traits }: StripeError) {
  return new StripeError(status, body, { ...traits, intent });
}

export function unexpectedState(intent: PaymentIntent, message: string): StripeError {
  return concerning(intent, invalid(message, undefined, 'payment_intent_unexpected_state'));
}

export function unauthorized(message: string): StripeError {
  return new StripeError(401, { message, type: 'invalid_request_error' }, { notSaved: true, unlogged: true });
}

export function accountInvalid(keyHint: string, account: string): StripeError {
  return new StripeError(
    403,
    {
      code: 'account_invalid',
      message: `The provided key '${keyHint}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
      type: 'invalid_request_error',
    },
    { notSaved: true, unlogged: true },
  );
}

export function versionInvalid(version: string): StripeError {
  return new StripeError(
    400,
    { message: `Invalid Stripe API version: ${version}`, type: 'invalid_request_error' },
    { notSaved: true, unlogged: true },
  );
}

export function unrecognizedUrl(method: string, path: string): StripeError {
  return new StripeError(
    404,
    {
      message: `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
      type: 'invalid_request_error',
    },
    { notSaved: true, unlogged: true },
  );
}

export function keyInUse(key: string): StripeError {
  return new StripeError(
    409,
    {
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
      type: 'idempotency_error',
    },
    { notSaved: true, shouldRetry: true },
  );
}

export function keyOfAnotherEndpoint(key: string, path: string, first: string): StripeError {
  return new StripeError(
    400,
    {
      message: `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${first}'). Try using a key other than '${key}' if you meant to execute a different request.`,
      type: 'idempotency_error',
    },
    { notSaved: true },
  );
}

export function keyReused(key: string): StripeError {
  return new StripeError(
    400,
    {
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      type: 'idempotency_error',
    },
    { notSaved: true },
  );
}

export function lockTimeout(): StripeError {
  return new StripeError(
    429,
    {
      code: 'lock_timeout',
      message:
        'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate.',
      type: 'invalid_request_error',
    },
    { notSaved: true, shouldRetry: true },
  );
}

export function rateLimited(): StripeError {
  return new StripeError(
    429,
    {
      code: 'rate_limit',
      message:
        'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
      type: 'invalid_request_error',
    },
    { notSaved: true },
  );
}

export function serverError(): StripeError {
  return new StripeError(500, {
    message: 'An unknown error occurred',
    type: 'api_error',
  });
}

/** https://docs.stripe.com/connect/oauth-reference#post-token-errors */
export function oauthError(error: string, description: string): StripeError {
  const status = error === 'invalid_client' ? 401 : 400;
  return new StripeError(
    status,
    { message: description, type: 'invalid_request_error' },
    { body: { error, error_description: description }, notSaved: true },
  );
}
