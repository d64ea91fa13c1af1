import type { Context } from '../core/context.ts';
import { releaseRest } from '../flows/capture.ts';
import { cancelDebit } from '../flows/debits.ts';
import { emit } from '../flows/events.ts';
import { closeReviews } from '../flows/reviews.ts';
import { checkChargeAmount, checkConverted, checkCustomer, checkPlatformShare } from '../flows/rules.ts';
import { invalid, unexpectedState } from '../http/errors.ts';
import type { Parsed } from '../http/params.ts';
import { mergeMetadata } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { PaymentIntent, PaymentIntentStatus } from '../objects/payments.ts';
import { view } from '../views/index.ts';
import { cancelShape, updateShape } from './payment-intent-params.ts';
import { findIntent, paymentMethodOf } from './payment-intents.ts';

const BEFORE_CONFIRMATION: readonly PaymentIntentStatus[] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
];
const BEFORE_CAPTURE: readonly PaymentIntentStatus[] = [...BEFORE_CONFIRMATION, 'requires_capture'];

/** Until when each field may still change; the rest may change at any time. */
const UPDATABLE: Partial<Record<keyof Parsed<typeof updateShape>, readonly PaymentIntentStatus[]>> = {
  amount: BEFORE_CONFIRMATION,
  capture_method: BEFORE_CONFIRMATION,
  currency: BEFORE_CONFIRMATION,
  customer: BEFORE_CONFIRMATION,
  payment_method: BEFORE_CONFIRMATION,
  payment_method_data: BEFORE_CONFIRMATION,
  payment_method_types: BEFORE_CONFIRMATION,
  setup_future_usage: BEFORE_CONFIRMATION,
  application_fee_amount: BEFORE_CAPTURE,
  statement_descriptor: BEFORE_CAPTURE,
  statement_descriptor_suffix: BEFORE_CAPTURE,
  transfer_data: BEFORE_CAPTURE,
  transfer_group: BEFORE_CAPTURE,
};

function checkUpdatable(intent: PaymentIntent, params: Parsed<typeof updateShape>): void {
  for (const [field, statuses] of Object.entries(UPDATABLE)) {
    if (params[field as keyof typeof params] === undefined || statuses.includes(intent.status)) continue;
    throw unexpectedState(
      intent,
      `This PaymentIntent's ${field} could not be updated because it has a status of ${intent.status}. You may only update the ${field} of a PaymentIntent with one of the following statuses: ${statuses.join(', ')}.`,
    );
  }
}

export const keep = <T>(value: T | undefined, current: T): T => (value === undefined ? current : value);

const update = route('POST', '/v1/payment_intents/:intent', updateShape, (ctx, params, ids) => {
  const before = findIntent(ctx, ids.intent);
  checkUpdatable(before, params);
  const amount = params.amount ?? before.amount;
  if (params.amount !== undefined || params.currency !== undefined) {
    const currency = params.currency ?? before.currency;
    checkChargeAmount(amount, currency);
    checkConverted(ctx, { amount, currency, onBehalfOf: before.on_behalf_of });
  }
  if (params.customer !== undefined) checkCustomer(ctx, params.customer);
  const customer = params.customer ?? before.customer;
  const named = paymentMethodOf(
    ctx,
    { ...params, payment_method: params.payment_method ?? undefined },
    customer,
    before,
  );
  const payment_method = params.payment_method === null ? null : (named ?? before.payment_method);
  const changed = ctx.tx.update('payment_intent', before.id, {
    amount,
    application_fee_amount: keep(params.application_fee_amount, before.application_fee_amount),
    capture_method: params.capture_method ?? before.capture_method,
    currency: params.currency ?? before.currency,
    customer,
    description: keep(params.description, before.description),
    metadata: mergeMetadata(before.metadata, params.metadata),
    payment_method,
    payment_method_types: params.payment_method_types ?? before.payment_method_types,
    receipt_email: keep(params.receipt_email, before.receipt_email),
    sandbox: { ...before.sandbox, asked: { ...before.sandbox.asked, ...params.payment_method_options } },
    setup_future_usage: keep(params.setup_future_usage, before.setup_future_usage),
    shipping: keep(params.shipping, before.shipping),
    statement_descriptor: keep(params.statement_descriptor, before.statement_descriptor),
    statement_descriptor_suffix: keep(params.statement_descriptor_suffix, before.statement_descriptor_suffix),
    status: statusAfterUpdate(before, payment_method),
    transfer_data: newTransferData(before, params.transfer_data),
    transfer_group: keep(params.transfer_group, before.transfer_group),
  });
  checkPlatformShare(ctx, {
    amount: changed.amount,
    applicationFeeAmount: changed.application_fee_amount,
    transferData: changed.transfer_data,
  });
  syncAuthorization(ctx, changed);
  return view(ctx, 'payment_intent', changed);
});

function statusAfterUpdate(before: PaymentIntent, method: string | null): PaymentIntentStatus {
  if (method === before.payment_method || !BEFORE_CONFIRMATION.includes(before.status)) return before.status;
  return method ? 'requires_confirmation' : 'requires_payment_method';
}

export function newTransferData(
  intent: PaymentIntent,
  change: { amount?: number | null | undefined } | undefined,
): PaymentIntent['transfer_data'] {
  if (change?.amount === undefined) return intent.transfer_data;
  if (!intent.transfer_data) {
    throw invalid(
      'Missing required param: transfer_data[destination].',
      'transfer_data[destination]',
      'parameter_missing',
    );
  }
  const { destination } = intent.transfer_data;
  return change.amount === null ? { destination } : { destination, amount: change.amount };
}

/** What an authorized charge will be settled by follows its intent until capture. */
export function syncAuthorization(ctx: Context, intent: PaymentIntent): void {
  if (intent.status !== 'requires_capture' || intent.latest_charge === null) return;
  ctx.tx.update('charge', intent.latest_charge, {
    application_fee_amount: intent.application_fee_amount,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_data: intent.transfer_data && {
      destination: intent.transfer_data.destination,
      amount: intent.transfer_data.amount ?? null,
    },
    transfer_group: intent.transfer_group,
  });
}

/** In the order in which Stripe's own message lists them. */
const CANCELABLE: readonly PaymentIntentStatus[] = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
  'processing',
];

const cancel = route('POST', '/v1/payment_intents/:intent/cancel', cancelShape, (ctx, params, ids) => {
  const before = findIntent(ctx, ids.intent);
  if (!CANCELABLE.includes(before.status)) {
    throw unexpectedState(
      before,
      `You cannot cancel this PaymentIntent because it has a status of ${before.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELABLE.join(', ')}.`,
    );
  }
  if (before.status === 'requires_capture') {
    releaseRest(ctx, ctx.tx.must('charge', before.latest_charge ?? ''), false);
  }
  if (before.status === 'processing') cancelDebit(ctx, ctx.tx.must('charge', before.latest_charge ?? ''));
  const canceled = ctx.tx.update('payment_intent', before.id, {
    amount_capturable: 0,
    canceled_at: ctx.now,
    cancellation_reason: params.cancellation_reason ?? null,
    next_action: null,
    status: 'canceled',
  });
  if (before.latest_charge !== null) closeReviews(ctx, before.latest_charge, 'canceled');
  emit(ctx, 'payment_intent.canceled', 'payment_intent', canceled, ctx.account);
  return view(ctx, 'payment_intent', canceled);
});

export const paymentIntentChangeRoutes = [cancel, update];
