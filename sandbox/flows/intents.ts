import type { Context } from '../core/context.ts';
import { invalid, unexpectedState } from '../http/errors.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import type { PaymentIntent, PaymentIntentStatus } from '../objects/payments.ts';
import { askCustomer, needsCustomer } from './authentication.ts';
import { checkDebit } from './debits.ts';
import { checkUsable, findPaymentMethod, typeOf } from './methods.ts';
import { takePayment } from './payment.ts';
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

function checkConfirmable(intent: PaymentIntent): void {
  if (CONFIRMABLE.includes(intent.status)) return;
  throw unexpectedState(
    intent,
    intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.`,
  );
}

function checkType(intent: PaymentIntent, method: PaymentMethod): void {
  const type = typeOf(method);
  if (!intent.payment_method_types.includes(type)) {
    throw invalid(
      `The PaymentMethod provided (${type}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: ${intent.payment_method_types.join(', ')}.`,
      'payment_method',
    );
  }
  if (type === 'us_bank_account') checkDebit(intent);
}

/** Tries to take the payment: it succeeds, waits for capture, asks for the customer, or declines. */
export function confirmIntent(ctx: Context, target: PaymentIntent, options: Confirmation): PaymentIntent {
  checkConfirmable(target);
  checkReturnUrl(target, options);
  const method = chosenMethod(ctx, target, options);
  checkUsable(method, target.customer, target);
  checkType(target, method);
  if (target.transfer_data)
    checkDestination(ctx, target.transfer_data.destination, 'transfer_data[destination]');
  if (target.on_behalf_of) checkOnBehalfOf(ctx, target.on_behalf_of);
  const intent = ctx.tx.update('payment_intent', target.id, {
    payment_method: method.id,
    next_action: null,
    transfer_group: target.transfer_group ?? (target.transfer_data ? `group_${target.id}` : null),
  });
  if (needsCustomer(target, method)) {
    if (options.offSession || options.errorOnRequiresAction) {
      return takePayment(ctx, target, intent, method, options.offSession, 'authentication_not_handled');
    }
    return askCustomer(ctx, target, intent, options.returnUrl);
  }
  return takePayment(ctx, target, intent, method, options.offSession);
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
  const how = intent.customer
    ? `To confirm the PaymentIntent with ${intent.customer}, specify a payment method attached to this customer along with the customer ID.`
    : 'You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.';
  throw unexpectedState(
    intent,
    `You cannot confirm this PaymentIntent because it's missing a payment method. ${how}`,
  );
}
