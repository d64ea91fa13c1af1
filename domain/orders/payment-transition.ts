import { IllegalTransition } from '../illegal-transition.ts';
import type { PaymentFacts, PaymentState, Settlement } from './payment.ts';

/** How far a payment has come. Stripe's answers may arrive late or twice: an earlier stage never replaces a later one. */
const STAGE: Readonly<Record<PaymentState['status'], number>> = {
  pending: 0,
  requires_payment_method: 1,
  requires_action: 1,
  processing: 1,
  authorized: 2,
  captured: 3,
  canceled: 3,
  expired: 3,
};

/** The state after an observation of Stripe's. Throws {@link IllegalTransition} if both contradict each other. */
export function applyPayment(current: PaymentState, facts: PaymentFacts): PaymentState {
  if (current.status !== 'pending' && current.paymentIntent !== facts.paymentIntent) {
    throw new IllegalTransition(`observed ${facts.paymentIntent}, the order has ${current.paymentIntent}`);
  }
  const next = stateFromFacts(facts, current);
  if (failedLater(current, facts)) return next;
  if (STAGE[next.status] < STAGE[current.status] || isOlder(next, current)) return current;
  if (STAGE[current.status] === 3 && next.status !== current.status) {
    throw new IllegalTransition(`a ${current.status} payment cannot become ${next.status}`);
  }
  return next;
}

/** Whether a new authorization may take its place. What was captured, also in part, has become a charge of its own. */
export function isReplaceable(payment: PaymentState): boolean {
  return payment.status === 'expired' || (payment.status === 'authorized' && payment.amountCaptured === 0);
}

/**
 * The state after a new PaymentIntent took the place of one that is authorized and soon lapses. Throws
 * {@link IllegalTransition} unless both are authorizations without a capture; the old one may have lapsed.
 */
export function replaceAuthorization(current: PaymentState, facts: PaymentFacts): PaymentState {
  if (current.status !== 'pending' && current.paymentIntent === facts.paymentIntent) return current;
  if (!isReplaceable(current)) {
    throw new IllegalTransition(`a ${current.status} payment cannot be replaced by ${facts.paymentIntent}`);
  }
  if (facts.status !== 'requires_capture') {
    throw new IllegalTransition(`${facts.paymentIntent} is ${facts.status} and authorizes nothing`);
  }
  return stateFromFacts(facts, current);
}

/**
 * The state after a PaymentIntent that another one was to replace turned out to be captured by somebody, in part at least, or canceled:
 * it is the payment again. Throws {@link IllegalTransition} where money was captured by both.
 */
export function restoreSuperseded(current: PaymentState, facts: PaymentFacts): PaymentState {
  const isUntouched = current.status === 'canceled' || isReplaceable(current);
  const isDecided = facts.amountReceived > 0 || facts.status === 'canceled';
  if (!isUntouched || !isDecided) {
    throw new IllegalTransition(
      `${facts.paymentIntent} is ${facts.status}, and the order is ${current.status}`,
    );
  }
  return stateFromFacts(facts, current);
}

/**
 * A bank may take back a payment that had succeeded, even if the order never learned of the success; only a failure of that
 * very charge distinguishes this from an old answer.
 */
function failedLater(current: PaymentState, facts: PaymentFacts): boolean {
  return (
    (current.status === 'captured' || current.status === 'authorized') &&
    facts.status === 'requires_payment_method' &&
    facts.chargeFailure !== null &&
    facts.latestCharge === current.latestCharge
  );
}

/** Between two answers of the same stage: amounts captured or authorized in addition only become more. */
function isOlder(next: PaymentState, current: PaymentState): boolean {
  return (
    next.status === 'authorized' &&
    current.status === 'authorized' &&
    (next.amountCaptured < current.amountCaptured || next.amount < current.amount)
  );
}

function stateFromFacts(facts: PaymentFacts, current: PaymentState): PaymentState {
  const { paymentIntent } = facts;
  switch (facts.status) {
    case 'requires_payment_method':
    case 'requires_confirmation':
      return { status: 'requires_payment_method', paymentIntent };
    case 'requires_action':
      return { status: 'requires_action', paymentIntent, nextAction: facts.nextAction };
    case 'processing':
      return { status: 'processing', paymentIntent };
    case 'requires_capture':
      return {
        status: 'authorized',
        paymentIntent,
        latestCharge: chargeOf(facts),
        amount: facts.amount,
        amountCapturable: facts.amountCapturable,
        amountCaptured: facts.amountReceived,
        settlement: facts.settlement ?? settledBefore(facts, current),
        authorizedAt: facts.authorizedAt,
        captureBefore: facts.captureBefore,
        multicapture: facts.multicapture,
        incrementable: facts.incrementable,
      };
    case 'succeeded':
      return capturedState(facts, current);
    case 'canceled':
      // Of several captures some were made: what they took is not given back by letting the rest go.
      if (facts.amountReceived > 0) return capturedState(facts, current);
      return hasLapsed(facts)
        ? { status: 'expired', paymentIntent }
        : { status: 'canceled', paymentIntent, reason: facts.cancellationReason };
  }
}

/** What is known of the captures so far stays known until there is another. */
function settledBefore({ amountReceived }: PaymentFacts, current: PaymentState): Settlement | null {
  return current.status === 'authorized' && current.amountCaptured === amountReceived
    ? current.settlement
    : null;
}

function capturedState(facts: PaymentFacts, current: PaymentState): PaymentState {
  return {
    status: 'captured',
    paymentIntent: facts.paymentIntent,
    latestCharge: chargeOf(facts),
    amount: facts.amount,
    amountCaptured: facts.amountReceived,
    captureBefore: facts.captureBefore,
    ...settledParts(facts, current),
  };
}

/** Why Stripe itself cancels an authorization that nobody has captured (docs.stripe.com/api/payment_intents/object). */
const LAPSED: ReadonlySet<string> = new Set(['automatic', 'expired']);

/** Of a canceled one: nobody canceled it. */
export function hasLapsed({ cancellationReason }: Pick<PaymentFacts, 'cancellationReason'>): boolean {
  return LAPSED.has(cancellationReason ?? '');
}

/** With `automatic_async` the transfer, the fee and the settlement come later; once known they stay. */
function settledParts(facts: PaymentFacts, current: PaymentState) {
  const known = current.status === 'captured' ? current : null;
  return {
    transfer: facts.transfer ?? known?.transfer ?? null,
    applicationFee: facts.applicationFee ?? known?.applicationFee ?? null,
    settlement: facts.settlement ?? known?.settlement ?? null,
  };
}

function chargeOf(facts: PaymentFacts): string {
  if (facts.latestCharge === null) {
    throw new IllegalTransition(`${facts.paymentIntent} is ${facts.status} and has no charge`);
  }
  return facts.latestCharge;
}
