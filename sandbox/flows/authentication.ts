import type { Context } from '../core/context.ts';
import { invalid, StripeError } from '../http/errors.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import type { PaymentIntent } from '../objects/payments.ts';
import { view } from '../views/index.ts';
import { needsAuthentication } from './cards.ts';
import { emit } from './events.ts';
import { takePayment } from './payment.ts';

/** Whether this card asks for its owner, who has not yet been asked for this payment. */
export function needsCustomer({ sandbox }: PaymentIntent, method: PaymentMethod): boolean {
  return needsAuthentication(method.sandbox.behaviour) && sandbox.authenticated !== method.id;
}

/** On session, the customer proves who they are before any charge exists. */
export function askCustomer(
  ctx: Context,
  before: PaymentIntent,
  intent: PaymentIntent,
  returnUrl: string | null,
): PaymentIntent {
  const waiting = ctx.tx.update('payment_intent', intent.id, {
    // Only money that is held or taken has a group.
    transfer_group: before.transfer_group,
    next_action: returnUrl
      ? { type: 'redirect_to_url', return_url: returnUrl }
      : { type: 'use_stripe_sdk', return_url: null },
    status: 'requires_action',
  });
  emit(ctx, 'payment_intent.requires_action', 'payment_intent', waiting, ctx.account);
  return waiting;
}

/** The customer came back from the bank, by the hosted page or by the controls. */
export function finishAuthentication(ctx: Context, intentId: string, succeeded: boolean): PaymentIntent {
  const intent = ctx.tx.must('payment_intent', intentId);
  if (intent.status !== 'requires_action')
    throw invalid(`PaymentIntent ${intentId} does not wait for an action`);
  const acting: Context = { ...ctx, account: intent.owner };
  const method = ctx.tx.must('payment_method', intent.payment_method ?? '');
  if (!succeeded) return refuse(acting, intent, method);
  const ready = ctx.tx.update('payment_intent', intent.id, {
    next_action: null,
    sandbox: { ...intent.sandbox, authenticated: method.id },
  });
  // Where the server confirms, it is asked once more; the bank is not.
  if (intent.confirmation_method === 'manual') {
    return ctx.tx.update('payment_intent', intent.id, { status: 'requires_confirmation' });
  }
  return takeAuthenticated(acting, intent, ready, method);
}

function takeAuthenticated(
  ctx: Context,
  before: PaymentIntent,
  ready: PaymentIntent,
  method: PaymentMethod,
): PaymentIntent {
  const intent = ctx.tx.update('payment_intent', ready.id, {
    transfer_group: ready.transfer_group ?? (ready.transfer_data ? `group_${ready.id}` : null),
  });
  try {
    return takePayment(ctx, before, intent, method, false);
  } catch (error) {
    // Nobody waits for an answer here: the decline shows in the intent.
    if (error instanceof StripeError && error.traits.keepsEffects)
      return ctx.tx.must('payment_intent', ready.id);
    throw error;
  }
}

function refuse(ctx: Context, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
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
