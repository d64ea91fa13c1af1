import type Stripe from 'stripe';
import type {
  AcceptDisputeOperation,
  OperationOutcome,
  SubmitEvidenceOperation,
} from '../../contract/operations.ts';
import type { Dispute } from '../../domain/orders/dispute.ts';
import { needsResponse } from '../../domain/orders/dispute.ts';
import { disputeFactsOf } from '../../stripe/dispute-facts.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';

/** Sends what was staged at Stripe to the bank. */
export function submitEvidenceHandlers(
  { stripe }: ActivityDeps,
  operation: SubmitEvidenceOperation,
): Handlers {
  const { dispute, submit, submissionCount } = operation;
  return {
    ...effectOnDispute(
      stripe,
      dispute,
      (now) => now.submissionCount > submissionCount && !needsResponse(now),
    ),
    call: async (idempotencyKey) => {
      if (submit) await stripe.disputes.update(dispute, { submit: true }, { idempotencyKey });
      return read(stripe, dispute);
    },
  };
}

/** Gives the dispute up: it is lost. */
export function acceptDisputeHandlers(
  { stripe }: ActivityDeps,
  { dispute }: AcceptDisputeOperation,
): Handlers {
  return {
    ...effectOnDispute(stripe, dispute, ({ status }) => status === 'lost'),
    call: async (idempotencyKey) => {
      await stripe.disputes.close(dispute, {}, { idempotencyKey });
      return read(stripe, dispute);
    },
  };
}

function effectOnDispute(stripe: Stripe, id: string, isDone: (dispute: Dispute) => boolean) {
  const findEffect = async (): Promise<OperationOutcome | null> => {
    const outcome = await read(stripe, id);
    return isDone(outcome.dispute) ? outcome : null;
  };
  return { findEffect, verify: async (stripeId: string) => (stripeId === id ? findEffect() : null) };
}

/** Read once more after every change: an answer that Stripe gives from memory may be an old one. */
async function read(stripe: Stripe, id: string) {
  const dispute = await stripe.disputes.retrieve(id);
  return {
    type: 'dispute',
    dispute: disputeFactsOf(dispute),
    stripeRequestId: dispute.lastResponse.requestId,
  } as const satisfies OperationOutcome;
}
