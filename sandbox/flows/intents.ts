import type { Context } from '../core/context.ts';
import { errorEnvelope, invalid, StripeError, unexpectedState } from '../http/errors.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import type { Charge, PaymentIntent, PaymentIntentStatus } from '../objects/payments.ts';
import { view } from '../views/index.ts';
import { type ChargeRequest, chargeCard } from './authorize.ts';
import { declineOf } from './cards.ts';
import { emit } from './events.ts';
import { attachToCustomer, checkUsable, findPaymentMethod } from './methods.ts';
import { checkDestination, checkOnBehalfOf } from './rules.ts';

export interface Confirmation {
  paymentMethod: string | null;
  offSession: boolean;
  returnUrl: string | null;
  errorOnRequiresAction?: boolean;
}

const CONFIRMABLE: readonly PaymentIntentStatus[] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
];

export function checkConfirmable(intent: PaymentIntent): void {
  if (CONFIRMABLE.includes(intent.status)) return;
  throw unexpectedState(
    intent,
    intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.`,
  );
}

/** Tries to take the payment: it succeeds, waits for capture, asks for the customer, or declines. */
export function confirmIntent(ctx: Context, target: PaymentIntent, options: Confirmation): PaymentIntent {
  checkConfirmable(target);
  checkReturnUrl(target, options);
  const method = chosenMethod(ctx, target, options);
  checkUsable(method, target.customer);
  if (target.transfer_data)
    checkDestination(ctx, target.transfer_data.destination, 'transfer_data[destination]');
  if (target.on_behalf_of) checkOnBehalfOf(ctx, target.on_behalf_of);
  const intent = ctx.tx.update('payment_intent', target.id, {
    payment_method: method.id,
    next_action: null,
    transfer_group: target.transfer_group ?? (target.transfer_data ? `group_${target.id}` : null),
  });
  if (method.sandbox.behaviour === 'authentication_required') {
    if (options.offSession || options.errorOnRequiresAction) {
      return takePayment(ctx, target, intent, method, options, 'authentication_not_handled');
    }
    return askCustomer(ctx, target, intent, options);
  }
  return takePayment(ctx, target, intent, method, options);
}

function checkReturnUrl(intent: PaymentIntent, { returnUrl }: Confirmation): void {
  if (returnUrl || intent.automatic_payment_methods?.allow_redirects !== 'always') return;
  throw invalid(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    'return_url',
  );
}

function chosenMethod(ctx: Context, intent: PaymentIntent, { paymentMethod }: Confirmation): PaymentMethod {
  const customer = intent.customer ? ctx.tx.must('customer', intent.customer) : undefined;
  const id = paymentMethod ?? intent.payment_method ?? customer?.default_source;
  if (id) return findPaymentMethod(ctx, id, 'payment_method');
  throw unexpectedState(
    intent,
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
  );
}

/** On session, the customer proves who they are before any charge exists. */
function askCustomer(
  ctx: Context,
  before: PaymentIntent,
  intent: PaymentIntent,
  { returnUrl }: Confirmation,
): PaymentIntent {
  const waiting = ctx.tx.update('payment_intent', intent.id, {
    // Only money that is held or taken has a group.
    transfer_group: before.transfer_group,
    next_action: returnUrl
      ? {
          type: 'redirect_to_url',
          redirect_to_url: {
            return_url: returnUrl,
            url: `https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=${intent.id}`,
          },
        }
      : { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } },
    status: 'requires_action',
  });
  emit(ctx, 'payment_intent.requires_action', 'payment_intent', waiting, ctx.account);
  return waiting;
}

/** The customer came back from the bank: what the hosted page will call, and today the control API. */
export function finishAuthentication(ctx: Context, intentId: string, succeeded: boolean): PaymentIntent {
  const intent = ctx.tx.must('payment_intent', intentId);
  if (intent.status !== 'requires_action')
    throw invalid(`PaymentIntent ${intentId} does not wait for an action`);
  const method = ctx.tx.must('payment_method', intent.payment_method ?? '');
  if (!succeeded) {
    const failed = ctx.tx.update('payment_intent', intent.id, {
      last_payment_error: {
        code: 'payment_intent_authentication_failure',
        doc_url: 'https://stripe.com/docs/error-codes/payment-intent-authentication-failure',
        message:
          'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
        payment_method: view(ctx, 'payment_method', method),
        type: 'invalid_request_error',
      },
      next_action: null,
      payment_method: null,
      status: 'requires_payment_method',
    });
    emit(ctx, 'payment_intent.payment_failed', 'payment_intent', failed, ctx.account);
    return failed;
  }
  const ready = ctx.tx.update('payment_intent', intent.id, {
    next_action: null,
    transfer_group: intent.transfer_group ?? (intent.transfer_data ? `group_${intent.id}` : null),
  });
  return takePayment(ctx, intent, ready, method, { paymentMethod: null, offSession: false, returnUrl: null });
}

function takePayment(
  ctx: Context,
  before: PaymentIntent,
  intent: PaymentIntent,
  method: PaymentMethod,
  { offSession }: Confirmation,
  decline?: string,
): PaymentIntent {
  const charge = chargeCard(ctx, chargeRequest(intent, method, offSession), decline);
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
    payment_method: view(ctx, 'payment_method', method),
    type: 'card_error' as const,
  };
  const failed = ctx.tx.update('payment_intent', intent.id, {
    last_payment_error: errorEnvelope(body).error,
    latest_charge: charge.id,
    payment_method: null,
    status: 'requires_payment_method',
    transfer_group: before.transfer_group,
  });
  emit(ctx, 'payment_intent.payment_failed', 'payment_intent', failed, ctx.account);
  return new StripeError(402, body, { keepsEffects: true, intent: failed.id });
}
