import type Stripe from 'stripe';
import type {
  ChargeFailure,
  NextAction,
  PaymentFacts,
  PaymentIntentStatus,
  Settlement,
} from '../domain/orders/payment.ts';
import { isPaymentIntentStatus } from '../domain/orders/payment.ts';
import { needsAttention } from './failures.ts';

/**
 * The few facts of a PaymentIntent that an order keeps. Expects {@link PAYMENT_EXPANDS}; an answer without them (in an
 * error) shows no settlement.
 */
export function paymentFactsOf(intent: Stripe.PaymentIntent, settlement: Settlement | null): PaymentFacts {
  const charge = expanded(intent.latest_charge);
  const card = charge?.payment_method_details?.card;
  // A payment that is taken over may have been made with a card reader.
  const { capture_before: captureBefore } = card ?? charge?.payment_method_details?.card_present ?? {};
  return {
    paymentIntent: intent.id,
    status: knownStatus(intent),
    livemode: intent.livemode,
    amount: intent.amount,
    amountCapturable: intent.amount_capturable,
    amountReceived: intent.amount_received,
    latestCharge: idOf(intent.latest_charge),
    chargeFailure: failureOf(charge),
    authorizedAt: charge ? charge.created * 1000 : null,
    captureBefore: captureBefore ? captureBefore * 1000 : null,
    cancellationReason: intent.cancellation_reason,
    nextAction: nextActionOf(intent),
    transfer: idOf(charge?.transfer),
    applicationFee: idOf(charge?.application_fee),
    settlement,
    multicapture: card?.multicapture?.status === 'available',
    incrementable: card?.incremental_authorization?.status === 'available',
    disputed: charge?.disputed ?? false,
  };
}

function failureOf(charge: Stripe.Charge | null): ChargeFailure | null {
  return charge?.failure_code
    ? { code: charge.failure_code, message: charge.failure_message ?? 'The charge failed.' }
    : null;
}

/** Stripe may add a status; an order must not guess what it means. */
function knownStatus({ id, status }: Stripe.PaymentIntent): PaymentIntentStatus {
  if (isPaymentIntentStatus(status)) return status;
  throw needsAttention({ code: 'unknown_status', message: `${id} is ${status}`, stripeRequestId: null });
}

function nextActionOf({ next_action: action }: Stripe.PaymentIntent): NextAction | null {
  return action && { type: action.type };
}

/** The id behind an expandable field. */
export function idOf(field: string | { id: string } | null | undefined): string | null {
  return typeof field === 'string' ? field : (field?.id ?? null);
}

/** The object behind an expandable field, or null where Stripe left it out or unexpanded. */
export function expanded<T extends { id: string }>(field: string | T | null | undefined): T | null {
  return typeof field === 'string' || !field ? null : field;
}
