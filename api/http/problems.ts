import type { Problem, ProblemCode } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Reply } from './endpoint.ts';

interface Meaning {
  readonly status: number;
  readonly title: string;
  /** The same request, with the same Idempotency-Key, may succeed later. */
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
}

export interface ProblemContext {
  readonly requestId: string;
  /** The order that a decline left behind, so that `confirm` can follow. */
  readonly order?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer is stored under the request's Idempotency-Key: a repeat gets the same one. */
  readonly stored?: boolean;
}

/** RFC 9457, with the fields of the contract beside it. */
export function problemReply(problem: Problem, { requestId, order, headers, stored }: ProblemContext): Reply {
  const { status, title, retryable, retryAfterSeconds } = meaningOf(problem.code);
  return {
    status,
    contentType: 'application/problem+json',
    headers: {
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
      ...headers,
    },
    body: {
      type: `urn:waybill:problem:${problem.code}`,
      title,
      status,
      detail: problem.detail,
      code: problem.code,
      param: problem.param,
      errors: problem.errors,
      decline_code: problem.declineCode,
      stripe_code: problem.stripeCode,
      stripe_request_id: problem.stripeRequestId,
      request_id: requestId,
      retryable: retryable && !stored,
      order,
    },
  };
}

/** The one place that decides what a problem is in HTTP. */
function meaningOf(code: ProblemCode): Meaning {
  switch (code) {
    case 'invalid_request':
      return { status: 400, title: 'The request is malformed', retryable: false };
    case 'stripe_refused':
      return { status: 400, title: 'Stripe refused the request; nothing moved', retryable: false };
    case 'unauthenticated':
      return { status: 401, title: 'A valid API key is required', retryable: false };
    case 'card_declined':
      return { status: 402, title: 'The payment was declined', retryable: false };
    case 'access_denied':
      return { status: 403, title: 'The account was not connected', retryable: false };
    case 'forbidden':
      return { status: 403, title: 'The API key does not allow this', retryable: false };
    case 'limit_exceeded':
      return { status: 403, title: 'A limit of the API key does not allow this amount', retryable: false };
    case 'day_limit_exceeded':
      return { status: 403, title: 'A limit for the day does not allow this', retryable: false };
    case 'not_found':
      return { status: 404, title: 'Not found', retryable: false };
    case 'method_not_allowed':
      return { status: 405, title: 'Method not allowed', retryable: false };
    case 'state_conflict':
      return { status: 409, title: 'The state does not allow this', retryable: false };
    case 'needs_attention':
      return { status: 409, title: 'An earlier operation needs attention first', retryable: false };
    case 'needs_approval':
      return { status: 409, title: 'Another person has to approve this', retryable: false };
    case 'order_exists':
    case 'transfer_exists':
    case 'payout_exists':
    case 'account_exists':
      return { status: 409, title: 'The id is taken', retryable: false };
    case 'idempotency_key_in_use':
      return {
        status: 409,
        title: 'A request with this Idempotency-Key is still running',
        retryable: true,
        retryAfterSeconds: 1,
      };
    case 'payload_too_large':
      return { status: 413, title: 'The body is too large', retryable: false };
    case 'unsupported_media_type':
      return { status: 415, title: 'The body must be JSON', retryable: false };
    case 'headers_too_large':
      return { status: 431, title: 'The headers are too large', retryable: false };
    case 'request_timeout':
      return { status: 408, title: 'The request did not arrive in time', retryable: true };
    case 'money_rule':
      return { status: 422, title: 'The amount breaks a payment rule', retryable: false };
    case 'account_not_ready':
      return { status: 422, title: 'The connected account is not ready for this', retryable: true };
    case 'balance_insufficient':
      return { status: 422, title: 'The available balance does not cover it', retryable: false };
    case 'idempotency_key_reused':
      return { status: 422, title: 'The Idempotency-Key was used with another body', retryable: false };
    case 'too_many_requests':
      return { status: 429, title: 'Too many requests', retryable: true, retryAfterSeconds: 1 };
    case 'overloaded':
      return { status: 429, title: 'The service is overloaded', retryable: true, retryAfterSeconds: 2 };
    case 'internal':
      return { status: 500, title: 'Internal error', retryable: true };
    case 'unavailable':
      return { status: 503, title: 'Temporarily unavailable', retryable: true, retryAfterSeconds: 2 };
  }
}

export function refuseIfBroken(rule: Problem | null): void {
  if (rule) throw new ProblemError(rule);
}
