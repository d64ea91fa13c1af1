import type { PaymentFacts } from '../domain/orders/payment.ts';
import type { Brief } from './brief.ts';
import { brief, whole } from './brief.ts';
import type { OperationOutcome } from './operations.ts';
import { USUAL_FACTS } from './usual-order.ts';

type PaymentOutcome = Extract<OperationOutcome, { type: 'payment' }>;

/** An outcome as an activity gives it back: what most payments have is left out of the history. */
export type BriefOutcome =
  | Exclude<OperationOutcome, PaymentOutcome>
  | (Omit<PaymentOutcome, 'payment'> & { readonly payment: Brief<PaymentFacts> });

export function briefOutcome(outcome: OperationOutcome): BriefOutcome {
  return outcome.type === 'payment' ? { ...outcome, payment: brief(outcome.payment, USUAL_FACTS) } : outcome;
}

export function wholeOutcome(outcome: BriefOutcome): OperationOutcome {
  return outcome.type === 'payment' ? { ...outcome, payment: whole(outcome.payment, USUAL_FACTS) } : outcome;
}
