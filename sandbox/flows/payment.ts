import type { Context } from '../core/context.ts';
import { errorEnvelope, StripeError } from '../http/errors.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import type { Charge, PaymentIntent } from '../objects/payments.ts';
import { view } from '../views/index.ts';
import { type ChargeRequest, chargeCard } from './authorize.ts';
import { declineOf } from './cards.ts';
import { debitBank } from './debits.ts';
import { emit } from './events.ts';
import { attachToCustomer, typeOf } from './methods.ts';

/** Charges the method: the intent has succeeded, waits for capture, or ends in the error that is Stripe's decline. */
export function takePayment(
  ctx: Context,
  before: PaymentIntent,
  intent: PaymentIntent,
  method: PaymentMethod,
  offSession: boolean,
  decline?: string,
): PaymentIntent {
  const request = chargeRequest(intent, method, offSession);
  if (method.us_bank_account) {
    if (intent.customer && intent.setup_future_usage) attachToCustomer(ctx, method, intent.customer);
    const waiting = ctx.tx.update('payment_intent', intent.id, { transfer_group: before.transfer_group });
    return debitBank(ctx, waiting, request);
  }
  const charge = chargeCard(ctx, request, decline);
  if (charge.status === 'failed') throw declined(ctx, before, intent, method, charge, decline);
  if (intent.customer && intent.setup_future_usage && method.customer === null) {
    attachToCustomer(ctx, method, intent.customer);
  }
  const manual = intent.capture_method === 'manual';
  const paid = ctx.tx.update('payment_intent', intent.id, {
    amount_capturable: manual ? intent.amount : 0,
    amount_received: manual ? 0 : intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    status: manual ? 'requires_capture' : 'succeeded',
  });
  const type = manual ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded';
  emit(ctx, type, 'payment_intent', paid, ctx.account);
  return paid;
}

const MODES = { automatic: 'capture_now', automatic_async: 'capture_async', manual: 'authorize' } as const;

function chargeRequest(
  intent: PaymentIntent,
  method: PaymentMethod,
  merchantInitiated: boolean,
): ChargeRequest {
  const { transfer_data } = intent;
  return {
    base: intent.sandbox.base,
    amount: intent.amount,
    currency: intent.currency,
    applicationFeeAmount: intent.application_fee_amount,
    customer: intent.customer,
    description: intent.description,
    metadata: intent.metadata,
    onBehalfOf: intent.on_behalf_of,
    paymentIntent: intent.id,
    paymentMethod: method,
    receiptEmail: intent.receipt_email,
    shipping: intent.shipping,
    statementDescriptor: intent.statement_descriptor,
    statementDescriptorSuffix: intent.statement_descriptor_suffix,
    transferData: transfer_data && {
      destination: transfer_data.destination,
      amount: transfer_data.amount ?? null,
    },
    transferGroup: intent.transfer_group,
    merchantInitiated,
    asked: intent.sandbox.asked,
    mode: MODES[intent.capture_method],
  };
}

/** A decline is an answer, not an accident: the failed charge and the intent's new state stay. */
function declined(
  ctx: Context,
  before: PaymentIntent,
  intent: PaymentIntent,
  method: PaymentMethod,
  charge: Charge,
  decline: string | undefined,
): StripeError {
  const reason = declineOf(decline ?? method.sandbox.behaviour);
  const body = {
    charge: charge.id,
    ...reason,
    message: reason?.message ?? charge.failure_message ?? '',
    payment_method: view(ctx, 'payment_method', ctx.tx.must('payment_method', method.id)),
    type: 'card_error' as const,
  };
  const failed = ctx.tx.update('payment_intent', intent.id, {
    last_payment_error: { ...errorEnvelope(body).error, payment_method_type: typeOf(method) },
    latest_charge: charge.id,
    payment_method: null,
    status: 'requires_payment_method',
    transfer_group: before.transfer_group,
  });
  emit(ctx, 'payment_intent.payment_failed', 'payment_intent', failed, ctx.account);
  return new StripeError(402, body, { keepsEffects: true, intent: failed.id });
}
