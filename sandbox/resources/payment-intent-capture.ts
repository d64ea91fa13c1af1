import type { Context } from '../core/context.ts';
import { captureCharge, capturePart } from '../flows/capture.ts';
import { emit } from '../flows/events.ts';
import { checkChargeAmount, checkChargeStep, checkDestination, checkPlatformShare } from '../flows/rules.ts';
import { concerning, invalid, unexpectedState } from '../http/errors.ts';
import type { Parsed } from '../http/params.ts';
import { mergeMetadata } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Charge, PaymentIntent } from '../objects/payments.ts';
import { view } from '../views/index.ts';
import { keep, newTransferData, syncAuthorization } from './payment-intent-changes.ts';
import { captureShape, incrementShape } from './payment-intent-params.ts';
import { findIntent } from './payment-intents.ts';

function heldCharge(ctx: Context, { latest_charge }: PaymentIntent): Charge {
  return ctx.tx.must('charge', latest_charge ?? '');
}

/** How much this capture takes; to take nothing more is the last word after earlier captures. */
function amountToCapture(intent: PaymentIntent, asked: number | undefined): number {
  const amount = asked ?? intent.amount_capturable;
  if (amount < 0) throw concerning(intent, invalid('Invalid non-negative integer', 'amount_to_capture'));
  checkChargeStep(amount, intent.currency, 'amount_to_capture');
  if (amount > intent.amount_capturable) {
    const why =
      intent.amount_received > 0
        ? `The remaining amount you are trying to capture is greater than the remaining capturable amount. You requested to capture ${amount}, but only ${intent.amount_capturable} is capturable.`
        : 'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ for help.';
    throw concerning(intent, invalid(why, undefined, 'amount_too_large'));
  }
  if (amount === 0 && intent.amount_received === 0) {
    const why = 'This value must be greater than or equal to 1.';
    throw concerning(intent, invalid(why, 'amount', 'parameter_invalid_integer'));
  }
  return amount;
}

/** The first capture that names its share of the fee or transfer makes every later one do so (Stripe: multicapture with Connect). */
function nameShare(ctx: Context, charge: Charge, amount: number, params: Parsed<typeof captureShape>): void {
  const { sandbox } = charge;
  const named =
    params.application_fee_amount === undefined
      ? params.transfer_data?.amount
      : params.application_fee_amount;
  if (charge.amount_captured === 0 && named !== undefined) {
    const shareNamed =
      params.application_fee_amount === undefined ? 'transfer_data[amount]' : 'application_fee_amount';
    ctx.tx.update('charge', charge.id, { sandbox: { ...sandbox, shareNamed } });
  }
  if (sandbox.shareNamed === undefined || amount === 0 || named !== undefined) return;
  throw invalid(
    `Missing required param: ${sandbox.shareNamed}. It was set on the first capture of this PaymentIntent, and is required on all subsequent captures.`,
    sandbox.shareNamed,
    'parameter_missing',
  );
}

/** What the request says about the split of the money, checked against the payment and kept with it. */
function withChanges(
  ctx: Context,
  before: PaymentIntent,
  params: Partial<Parsed<typeof captureShape>>,
): PaymentIntent {
  const intent = ctx.tx.update('payment_intent', before.id, {
    application_fee_amount: params.application_fee_amount ?? before.application_fee_amount,
    metadata: mergeMetadata(before.metadata, params.metadata),
    statement_descriptor: keep(params.statement_descriptor, before.statement_descriptor),
    statement_descriptor_suffix: keep(params.statement_descriptor_suffix, before.statement_descriptor_suffix),
    transfer_data: newTransferData(before, params.transfer_data),
  });
  checkPlatformShare(ctx, {
    amount: intent.amount,
    applicationFeeAmount: intent.application_fee_amount,
    transferData: intent.transfer_data,
  });
  if (intent.transfer_data)
    checkDestination(ctx, intent.transfer_data.destination, 'transfer_data[destination]');
  syncAuthorization(ctx, intent);
  return intent;
}

const capture = route('POST', '/v1/payment_intents/:intent/capture', captureShape, (ctx, params, ids) => {
  const before = findIntent(ctx, ids.intent);
  if (before.status !== 'requires_capture') {
    throw unexpectedState(
      before,
      `This PaymentIntent could not be captured because it has a status of ${before.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
    );
  }
  const goesOn = params.final_capture === false;
  if (goesOn && !heldCharge(ctx, before).sandbox.features.multicapture) {
    throw invalid(
      '`final_capture` can only be set to false when the payment supports multicapture.',
      'final_capture',
    );
  }
  const amount = amountToCapture(before, params.amount_to_capture);
  nameShare(ctx, heldCharge(ctx, before), amount, params);
  const intent = withChanges(ctx, before, params);
  const received = before.amount_received + amount;
  if (goesOn && received < before.amount) {
    capturePart(ctx, heldCharge(ctx, intent), amount);
    const partly = ctx.tx.update('payment_intent', intent.id, {
      amount_capturable: before.amount_capturable - amount,
      amount_received: received,
    });
    emit(ctx, 'payment_intent.amount_capturable_updated', 'payment_intent', partly, ctx.account);
    return view(ctx, 'payment_intent', partly);
  }
  const { sandbox } = captureCharge(ctx, heldCharge(ctx, intent), amount, {});
  const captured = ctx.tx.update('payment_intent', intent.id, {
    amount_capturable: 0,
    amount_received: received,
    status: 'succeeded',
  });
  if (sandbox.features.multicapture) {
    emit(ctx, 'payment_intent.amount_capturable_updated', 'payment_intent', captured, ctx.account);
  }
  emit(ctx, 'payment_intent.succeeded', 'payment_intent', captured, ctx.account);
  return view(ctx, 'payment_intent', captured);
});

const increment = route(
  'POST',
  '/v1/payment_intents/:intent/increment_authorization',
  incrementShape,
  (ctx, params, ids) => {
    const before = findIntent(ctx, ids.intent);
    if (before.status !== 'requires_capture') {
      throw unexpectedState(
        before,
        `This PaymentIntent's authorization could not be incremented because it has a status of ${before.status}. Only a PaymentIntent with one of the following statuses may be incremented: requires_capture.`,
      );
    }
    const charge = heldCharge(ctx, before);
    if (!charge.sandbox.features.incremental) {
      throw invalid('This PaymentIntent does not support incremental authorization.', 'intent');
    }
    if (params.amount <= before.amount) {
      throw invalid('The amount must be greater than the amount that is already authorized.', 'amount');
    }
    checkChargeAmount(params.amount, before.currency);
    const more = params.amount - before.amount;
    const raised = ctx.tx.update('payment_intent', before.id, {
      amount: params.amount,
      amount_capturable: before.amount_capturable + more,
      description: keep(params.description, before.description),
    });
    const { application_fee_amount, metadata, statement_descriptor, transfer_data } = params;
    const intent = withChanges(ctx, raised, {
      application_fee_amount,
      metadata,
      statement_descriptor,
      transfer_data,
    });
    const held = ctx.tx.update('charge', charge.id, { amount: params.amount });
    emit(ctx, 'charge.updated', 'charge', held, ctx.account);
    emit(ctx, 'payment_intent.amount_capturable_updated', 'payment_intent', intent, ctx.account);
    return view(ctx, 'payment_intent', intent);
  },
);

export const paymentIntentCaptureRoutes = [capture, increment];
