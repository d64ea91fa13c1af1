import type { Context } from '../core/context.ts';
import type { Settings } from '../core/settings.ts';
import type { IdempotencyRecord } from '../objects/records.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { type ErrorBody, errorEnvelope, type StripeError } from './errors.ts';

export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** What is known of a request while it is worked on. */
export interface Call {
  requestId: string;
  params: Json;
  account: string;
  version: string;
  key: string | undefined;
  recordId: string | undefined;
  path: string;
  fingerprint: string;
}

function headersOf(call: Call, { platform }: Settings): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Request-Id': call.requestId,
    'Stripe-Version': call.version,
    ...(call.account === platform ? {} : { 'Stripe-Account': call.account }),
    ...(call.key === undefined ? {} : { 'Idempotency-Key': call.key, 'Original-Request': call.requestId }),
  };
}

export function resultAnswer(ctx: Context, call: Call, result: Json): Answer {
  const retry = call.key === undefined ? {} : { 'Stripe-Should-Retry': 'false' };
  return {
    status: 200,
    body: JSON.stringify(result),
    headers: { ...headersOf(call, ctx.settings), ...retry },
  };
}

export function errorAnswer(ctx: Context, call: Call, error: StripeError): Answer {
  const { intent, shouldRetry, notSaved, unlogged } = error.traits;
  const row = intent === undefined ? undefined : ctx.tx.get('payment_intent', intent);
  const body: ErrorBody = {
    ...error.body,
    ...(row ? { payment_intent: view(ctx, 'payment_intent', row) } : {}),
    ...(unlogged ? {} : { request_log_url: logUrl(ctx, call) }),
  };
  const retry = shouldRetry ? 'true' : notSaved || call.key === undefined ? undefined : 'false';
  return {
    status: error.status,
    body: JSON.stringify(error.traits.body ?? errorEnvelope(body)),
    headers: { ...headersOf(call, ctx.settings), ...(retry ? { 'Stripe-Should-Retry': retry } : {}) },
  };
}

/** Where Stripe's Dashboard shows the request. */
function logUrl({ now, settings }: Context, { account, requestId }: Call): string {
  const own = account === settings.platform ? '' : `${account}/`;
  return `https://dashboard.stripe.com/${own}test/logs/${requestId}?t=${now}`;
}

/** The stored bytes; only the request id is new. */
export function replayOf(call: Call, stored: IdempotencyRecord, settings: Settings): Answer {
  return {
    status: stored.status,
    body: stored.body,
    headers: {
      ...stored.headers,
      ...headersOf(call, settings),
      'Idempotent-Replayed': 'true',
      'Original-Request': stored.requestId,
    },
  };
}
