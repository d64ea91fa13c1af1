import type Stripe from 'stripe';
import { idempotencyKey } from '../../domain/ids.ts';
import { disputeToAnswer } from '../../domain/orders/dispute.ts';
import type { Order } from '../../domain/orders/order.ts';
import { refusalOf } from '../../domain/orders/refusals.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { EvidenceBody } from './evidence-schema.ts';

/**
 * Stages evidence at Stripe, if the order's dispute accepts any. It may contain personal data, so it goes there at once and
 * never into a workflow, which learns only the names of the fields. Staging decides nothing, and a repeat is harmless:
 * Stripe itself refuses another text under the same key.
 */
export async function stageEvidence(
  stripe: Stripe,
  order: Order,
  body: Pick<EvidenceBody, 'evidence' | 'dispute'>,
  operationId: string,
): Promise<void> {
  const { evidence } = body;
  const named = body.dispute;
  const fields = Object.keys(evidence);
  const dispute = disputeToAnswer(order.disputes, named);
  const command = { kind: 'submit_evidence', dispute: named, fields, submit: true } as const;
  // The workflow itself says why not, or gives the first answer to a repeat.
  if (!dispute || fields.length === 0 || refusalOf(order, command, Date.now())) return;
  const key = { orderId: order.terms.id, operation: 'stage_evidence', operationId, generation: 0 } as const;
  await stripe.disputes.update(
    dispute.id,
    { evidence: given(evidence), submit: false },
    { ...STRIPE_READ, idempotencyKey: idempotencyKey(key) },
  );
}

/** A field that is absent is not mentioned, or Stripe would clear it. */
function given(evidence: EvidenceBody['evidence']): Stripe.DisputeUpdateParams.Evidence {
  return Object.fromEntries(Object.entries(evidence).filter(([, value]) => value !== undefined));
}
