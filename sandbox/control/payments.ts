import { DAY_SECONDS } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { finishAuthentication } from '../flows/authentication.ts';
import { CHARGE_FAILURES, canFailLate, failCharge } from '../flows/charge-failures.ts';
import {
  chargedBack,
  endDispute,
  failWaitingRefunds,
  isLostInWhole,
  isOpen,
  openDispute,
  warnOfFraud,
} from '../flows/disputes.ts';
import { answerRefund, askCustomer } from '../flows/refund-actions.ts';
import { canFail, failRefund } from '../flows/refund-outcomes.ts';
import { refundable } from '../flows/refundable.ts';
import { closeReview, isInReview, isOpen as isOpenReview, openReview } from '../flows/reviews.ts';
import { settleCharge } from '../flows/settle.ts';
import { CLOSED_REASONS } from '../objects/disputes.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { ControlError, type ControlRequest, type Handler } from './handler.ts';
import type { World } from './world.ts';

const OUTCOMES = ['succeeded', 'failed', 'abandoned'];

/** The customer's part of 3-D Secure without a browser; one who walks away leaves the payment waiting. */
function authenticate(world: World, { id, body }: ControlRequest): Json {
  const outcome = String(body.outcome);
  if (!OUTCOMES.includes(outcome)) throw new ControlError(`outcome must be one of ${OUTCOMES.join(', ')}`);
  return world.transaction((ctx) => {
    const intent = ctx.tx.get('payment_intent', id);
    if (!intent) throw new ControlError(`no payment_intent ${id}`);
    if (intent.status !== 'requires_action') {
      throw new ControlError(`payment_intent ${id} does not wait for its customer: it is ${intent.status}`);
    }
    const now = outcome === 'abandoned' ? intent : finishAuthentication(ctx, id, outcome === 'succeeded');
    return view({ ...ctx, account: intent.owner }, 'payment_intent', now);
  });
}

/** A bank or its customer wants the money of a charge back, whatever card it was. */
function dispute(world: World, { id, body }: ControlRequest): Json {
  const { reason = 'fraudulent', inquiry = false, amount } = body;
  if (typeof reason !== 'string' || typeof inquiry !== 'boolean') {
    throw new ControlError('reason is one of Stripe’s reasons, inquiry is true or false');
  }
  return world.transaction((ctx) => {
    const charge = ctx.tx.get('charge', id);
    // Nor one whose money has not arrived yet, or has been sent back.
    if (!charge?.captured || charge.status !== 'succeeded' || charge.source_transfer !== null)
      throw new ControlError(`${id} is no captured charge`);
    if (chargedBack(ctx, id)) throw new ControlError(`${id} has already been charged back`);
    if (!inquiry) failWaitingRefunds(ctx, id);
    // What was refunded only where it is asked for: no bank knows of that.
    const { amount_captured: most } = charge;
    const disputed = amount ?? refundable(ctx.tx.must('charge', id));
    if (!Number.isInteger(disputed) || Number(disputed) < 1 || Number(disputed) > most) {
      throw new ControlError(`amount must be an integer from 1 to ${most}`);
    }
    const acting: Context = { ...ctx, account: charge.owner };
    const settled = settleCharge(acting, id);
    return view(
      acting,
      'dispute',
      openDispute(acting, settled, { reason, inquiry, amount: Number(disputed) }),
    );
  });
}

/** A card network reports a charge as fraudulent, whatever card it was. */
function fraudWarning(world: World, { id }: ControlRequest): Json {
  return world.transaction((ctx) => {
    const charge = ctx.tx.get('charge', id);
    if (!charge?.captured || charge.status !== 'succeeded' || !charge.sandbox.card)
      throw new ControlError(`${id} is no captured charge to a card`);
    const acting: Context = { ...ctx, account: charge.owner };
    return view(acting, 'early_fraud_warning', warnOfFraud(acting, charge));
  });
}

/** Radar, or a person, wants somebody to look at a charge. */
function review(world: World, { id, body }: ControlRequest): Json {
  const { opened_reason: reason = 'rule' } = body;
  if (reason !== 'rule' && reason !== 'manual')
    throw new ControlError('opened_reason must be rule or manual');
  return world.transaction((ctx) => {
    const charge = ctx.tx.get('charge', id);
    if (!charge || charge.status === 'failed' || charge.source_transfer !== null || charge.refunded)
      throw new ControlError(`${id} is no charge that could be in review`);
    if (isInReview(ctx, id)) throw new ControlError(`${id} is in review`);
    const acting: Context = { ...ctx, account: charge.owner };
    return view(acting, 'review', openReview(acting, charge, reason));
  });
}

/** Somebody decides about it, or Stripe does. */
function endReview(world: World, { id, body }: ControlRequest): Json {
  const reason = CLOSED_REASONS.find((one) => one === (body.closed_reason ?? 'approved'));
  if (reason === undefined)
    throw new ControlError(`closed_reason must be one of ${CLOSED_REASONS.join(', ')}`);
  return world.transaction((ctx) => {
    const open = ctx.tx.get('review', id);
    if (!open || !isOpenReview(open)) throw new ControlError(`no open review ${id}`);
    const acting: Context = { ...ctx, account: open.owner };
    return view(acting, 'review', closeReview(acting, open, reason));
  });
}

/** The bank's decision, whatever the evidence says. */
function decide(world: World, { id, body }: ControlRequest): Json {
  const { verdict, returned } = body;
  if (verdict !== 'won' && verdict !== 'lost') throw new ControlError('verdict must be won or lost');
  return world.transaction((ctx) => {
    const before = ctx.tx.get('dispute', id);
    const isWonLate = verdict === 'won' && before !== undefined && isLostInWhole(before);
    if (!before || !(isOpen(before) || isWonLate)) throw new ControlError(`no open dispute ${id}`);
    if (returned !== undefined && !(verdict === 'lost' && isPartOf(before.amount, returned))) {
      throw new ControlError(
        `returned must be an integer from 1 to ${before.amount - 1}, of a dispute that is lost`,
      );
    }
    const acting: Context = { ...ctx, account: before.owner };
    return view(acting, 'dispute', endDispute(acting, before, verdict, returned));
  });
}

function isPartOf(whole: number, part: unknown): part is number {
  return Number.isInteger(part) && Number(part) > 0 && Number(part) < whole;
}

/** The customer's bank takes a debit back that had succeeded. */
function failLate(world: World, { id, body }: ControlRequest): Json {
  const { failure_code: code = 'insufficient_funds' } = body;
  if (typeof code !== 'string' || !CHARGE_FAILURES.includes(code)) {
    throw new ControlError(`failure_code must be one of ${CHARGE_FAILURES.join(', ')}`);
  }
  return world.transaction((ctx) => {
    const charge = ctx.tx.get('charge', id);
    if (!charge || !canFailLate(charge)) throw new ControlError(`${id} is no debit that could be sent back`);
    const acting: Context = { ...ctx, account: charge.owner };
    return view(acting, 'charge', failCharge(acting, id, code));
  });
}

/** The bank of the customer sends a refund back, long after. */
function refuseRefund(world: World, { id, body }: ControlRequest): Json {
  const { reason = 'expired_or_canceled_card' } = body;
  if (typeof reason !== 'string') throw new ControlError('reason is one of Stripe’s failure reasons');
  return world.transaction((ctx) => {
    const refund = ctx.tx.get('refund', id);
    if (!refund || !canFail(refund)) throw new ControlError(`no refund ${id} that could fail`);
    return view(ctx, 'refund', failRefund({ ...ctx, account: refund.owner }, id, reason));
  });
}

const EXPIRES_SECONDS = 45 * DAY_SECONDS;

/** The customer has to say where a refund goes, also after a bank could not assign it. */
function requireAction(world: World, { id, body }: ControlRequest): Json {
  const { expires_in_seconds: seconds = EXPIRES_SECONDS } = body;
  if (!Number.isSafeInteger(seconds) || Number(seconds) < 1)
    throw new ControlError('expires_in_seconds must be a whole number of seconds');
  return world.transaction((ctx) => {
    const refund = ctx.tx.get('refund', id);
    if (!refund || !canFail(refund)) throw new ControlError(`no refund ${id} that could ask for anything`);
    return view(ctx, 'refund', askCustomer({ ...ctx, account: refund.owner }, id, Number(seconds)));
  });
}

function answer(world: World, { id }: ControlRequest): Json {
  return world.transaction((ctx) => {
    const refund = ctx.tx.get('refund', id);
    if (refund?.status !== 'requires_action') throw new ControlError(`refund ${id} waits for nobody`);
    return view(ctx, 'refund', answerRefund({ ...ctx, account: refund.owner }, id));
  });
}

export const paymentControls: Record<string, Handler> = {
  'POST /_sandbox/payment_intents/:id/authenticate': authenticate,
  'POST /_sandbox/charges/:id/dispute': dispute,
  'POST /_sandbox/charges/:id/fraud_warning': fraudWarning,
  'POST /_sandbox/charges/:id/review': review,
  'POST /_sandbox/reviews/:id/close': endReview,
  'POST /_sandbox/charges/:id/fail': failLate,
  'POST /_sandbox/disputes/:id/decide': decide,
  'POST /_sandbox/refunds/:id/fail': refuseRefund,
  'POST /_sandbox/refunds/:id/require_action': requireAction,
  'POST /_sandbox/refunds/:id/answer': answer,
};
