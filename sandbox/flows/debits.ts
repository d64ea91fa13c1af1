import type { Context } from '../core/context.ts';
import { errorEnvelope, invalid } from '../http/errors.ts';
import type { PaymentMethod } from '../objects/customers.ts';
import type { Charge, PaymentIntent } from '../objects/payments.ts';
import { view } from '../views/index.ts';
import { type ChargeRequest, newCharge } from './authorize.ts';
import { debitFailure } from './bank-debits.ts';
import { emit } from './events.ts';
import { noteTried, typeOf } from './methods.ts';
import { settleCharge } from './settle.ts';

/** What a US bank account cannot do, checked before anything is tried. */
export function checkDebit({ capture_method, currency }: PaymentIntent): void {
  if (capture_method === 'manual') {
    throw invalid(
      'The payment method type us_bank_account does not support manual capture.',
      'capture_method',
    );
  }
  if (currency !== 'usd') {
    throw invalid('The payment method type us_bank_account requires the currency to be usd.', 'currency');
  }
}

/** Asks the bank; whether the money comes is known days later. */
export function debitBank(ctx: Context, intent: PaymentIntent, request: ChargeRequest): PaymentIntent {
  const { paymentMethod } = request;
  const charge = ctx.tx.put('charge', {
    ...newCharge(ctx, request),
    captured: true,
    outcome: null,
    paid: false,
    status: 'pending',
    // Only money that is held or taken has a group of Stripe's own making; one of the caller's is kept.
    transfer_group: intent.transfer_group,
  });
  noteTried(ctx, paymentMethod, request.customer);
  const { behaviour } = paymentMethod.sandbox;
  if (behaviour !== 'debit_processing') {
    ctx.tx.put('job', {
      id: `debit ${charge.id}`,
      dueMs: ctx.nowMs + ctx.settings.bank_debit_seconds * 1000,
      kind: 'finish_debit',
      subject: charge.id,
    });
  }
  const processing = ctx.tx.update('payment_intent', intent.id, {
    last_payment_error: null,
    latest_charge: charge.id,
    status: 'processing',
  });
  emit(ctx, 'charge.pending', 'charge', charge, ctx.account);
  emit(ctx, 'payment_intent.processing', 'payment_intent', processing, ctx.account);
  return processing;
}

/** The bank has answered. */
export function finishDebit(ctx: Context, chargeId: string): void {
  const charge = ctx.tx.must('charge', chargeId);
  if (charge.status !== 'pending') return;
  const intent = ctx.tx.must('payment_intent', charge.payment_intent ?? '');
  const acting: Context = { ...ctx, account: charge.owner };
  const method = ctx.tx.must('payment_method', charge.payment_method ?? '');
  const failure = debitFailure(method.sandbox.behaviour);
  if (failure) reportFailure(acting, charge, intent, method, failure);
  else receiveDebit(acting, charge, intent);
}

function receiveDebit(ctx: Context, charge: Charge, intent: PaymentIntent): void {
  const transfer_group = intent.transfer_group ?? (intent.transfer_data ? `group_${intent.id}` : null);
  ctx.tx.update('charge', charge.id, {
    amount_captured: charge.amount,
    paid: true,
    status: 'succeeded',
    transfer_group,
  });
  const settled = settleCharge(ctx, charge.id);
  const paid = ctx.tx.update('payment_intent', intent.id, {
    amount_received: intent.amount,
    status: 'succeeded',
    transfer_group,
  });
  emit(ctx, 'charge.succeeded', 'charge', settled, ctx.account);
  emit(ctx, 'payment_intent.succeeded', 'payment_intent', paid, ctx.account);
}

/** The bank said no: the payment waits for another method. */
export function reportFailure(
  ctx: Context,
  charge: Charge,
  intent: PaymentIntent,
  method: PaymentMethod,
  { code, message }: { code: string; message: string },
): void {
  const failed = ctx.tx.update('charge', charge.id, {
    failure_code: code,
    failure_message: message,
    status: 'failed',
  });
  const error = {
    charge: charge.id,
    code,
    message,
    payment_method: view(ctx, 'payment_method', method),
    type: 'card_error' as const,
  };
  const unpaid = ctx.tx.update('payment_intent', intent.id, {
    amount_received: 0,
    last_payment_error: { ...errorEnvelope(error).error, payment_method_type: typeOf(method) },
    payment_method: null,
    status: 'requires_payment_method',
  });
  emit(ctx, 'charge.failed', 'charge', failed, ctx.account);
  emit(ctx, 'payment_intent.payment_failed', 'payment_intent', unpaid, ctx.account);
}

/** Called off while the bank had not answered. */
export function cancelDebit(ctx: Context, charge: Charge): void {
  ctx.tx.delete('job', `debit ${charge.id}`);
  const failed = ctx.tx.update('charge', charge.id, {
    failure_message: 'The payment was canceled.',
    status: 'failed',
  });
  emit(ctx, 'charge.failed', 'charge', failed, ctx.account);
}
