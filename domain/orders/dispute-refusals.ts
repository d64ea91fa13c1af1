import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import type { Dispute } from './dispute.ts';
import { disputeToAnswer, isInquiry, isOpen, needsResponse } from './dispute.ts';
import type { Order } from './order.ts';
import type { OrderCommandBody } from './order-command-table.ts';

const REFUSED_FOR_DISPUTE: ReadonlySet<string | null | undefined> = new Set([
  'charge_disputed',
  'refund_disputed_payment',
]);

/** Stripe's codes for a refund of what is disputed. */
export function isRefusedForDispute({ stripeCode }: Pick<Problem, 'stripeCode'>): boolean {
  return REFUSED_FOR_DISPUTE.has(stripeCode);
}

/** Why the charge takes no refund: the customer has the money back by the dispute, or may get it. */
export function refusalOfDisputed({ disputes }: Order): Problem | null {
  const dispute = disputes.find(({ isChargeRefundable }) => !isChargeRefundable);
  if (!dispute) return null;
  const decides =
    dispute.status === 'lost'
      ? 'the customer already has the money back'
      : 'the bank decides who gets the money. Accept the dispute to return it';
  return problem(
    'state_conflict',
    `This payment is disputed (${dispute.id}, ${dispute.status}) and cannot be refunded; ${decides}.`,
    { stripeCode: 'charge_disputed' },
  );
}

/** Why no evidence can be submitted now. `now`: milliseconds since the epoch. */
export function refusalOfEvidence(
  { disputes }: Order,
  { dispute: named, fields, submit }: OrderCommandBody<'submit_evidence'>,
  now: number,
): Problem | null {
  const dispute = disputeToAnswer(disputes, named);
  if (!dispute) return unclear(disputes, named);
  const { id, status, evidenceDueBy } = dispute;
  if (!needsResponse(dispute)) {
    return problem('state_conflict', `The dispute ${id} is ${status} and accepts no evidence.`);
  }
  if (evidenceDueBy === null) {
    return problem('state_conflict', `The customer's bank accepts no evidence in the dispute ${id}.`);
  }
  if (evidenceDueBy < now) return problem('state_conflict', `The deadline for evidence in ${id} has passed.`);
  // It can be done only once: a bank that is sent nothing decides for the customer.
  if (submit && fields.length === 0 && !dispute.hasEvidence) {
    return problem(
      'invalid_request',
      `No evidence is ready for ${id}: send some with it, or stage it first.`,
      {
        param: 'evidence',
      },
    );
  }
  return null;
}

/** Why the dispute cannot be given up. */
export function refusalOfAccept(
  { disputes }: Order,
  { dispute: named }: OrderCommandBody<'accept_dispute'>,
): Problem | null {
  const dispute = disputeToAnswer(disputes, named);
  if (!dispute) return unclear(disputes, named);
  if (isInquiry(dispute)) {
    return problem(
      'state_conflict',
      `${dispute.id} is an inquiry: there is nothing to accept. Answer it, or refund the payment.`,
    );
  }
  return needsResponse(dispute)
    ? null
    : problem('state_conflict', `The dispute ${dispute.id} is ${dispute.status} and cannot be accepted.`);
}

/** Why it is unclear which dispute is meant. */
function unclear(disputes: readonly Dispute[], named: string | null = null): Problem {
  if (disputes.length === 0) return problem('state_conflict', 'This payment is not disputed.');
  const ids = disputes.filter((dispute) => named !== null || isOpen(dispute)).map(({ id }) => id);
  const why = named === null ? 'Several disputes are open' : `This payment has no dispute ${named}`;
  return problem('invalid_request', `${why}; name one of ${ids.join(', ')}.`, { param: 'dispute' });
}
