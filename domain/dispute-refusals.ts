import { currentDispute, isInquiry, needsResponse } from './dispute.ts';
import type { Problem } from './errors.ts';
import { problem } from './errors.ts';
import type { Order } from './order.ts';

/** Why the charge takes no refund: the customer has the money back by the dispute, or may get it. */
export function refusalOfDisputed({ disputes }: Order): Problem | null {
  const dispute = disputes.find(({ isChargeRefundable }) => !isChargeRefundable);
  if (!dispute) return null;
  const decides =
    dispute.status === 'lost'
      ? 'the customer has got the money back by it'
      : 'who gets the money is decided there: accept it to give the money back';
  return problem(
    'state_conflict',
    `This payment is disputed (${dispute.id}, ${dispute.status}) and takes no refund; ${decides}.`,
    { stripeCode: 'charge_disputed' },
  );
}

/** Why no evidence can be submitted now. `now`: milliseconds since the epoch. */
export function refusalOfEvidence({ disputes }: Order, now: number): Problem | null {
  const dispute = currentDispute(disputes);
  if (!dispute) return undisputed();
  const { id, status, evidenceDueBy } = dispute;
  if (!needsResponse(dispute)) {
    return problem('state_conflict', `The dispute ${id} is ${status} and takes no evidence.`);
  }
  if (evidenceDueBy === null) {
    return problem('state_conflict', `The customer's bank takes no evidence in the dispute ${id}.`);
  }
  if (evidenceDueBy < now) return problem('state_conflict', `The time for evidence in ${id} is over.`);
  return null;
}

/** Why the dispute cannot be given up. */
export function refusalOfAccept({ disputes }: Order): Problem | null {
  const dispute = currentDispute(disputes);
  if (!dispute) return undisputed();
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

function undisputed(): Problem {
  return problem('state_conflict', 'This payment is not disputed.');
}
