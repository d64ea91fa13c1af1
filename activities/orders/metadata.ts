import type Stripe from 'stripe';
import type { OperationOutcome, UpdateMetadataOperation } from '../../contract/operations.ts';
import { hasMetadata, withoutOwn } from '../../domain/orders/metadata.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';

/** Changes the metadata of the order's PaymentIntent; Stripe merges it. */
export function updateMetadataHandlers(
  { stripe }: ActivityDeps,
  { paymentIntent, changes }: UpdateMetadataOperation,
): Handlers {
  const findEffect = async (): Promise<OperationOutcome | null> => {
    const intent = await stripe.paymentIntents.retrieve(paymentIntent);
    return hasMetadata(intent.metadata, changes) ? outcomeOf(intent) : null;
  };
  return {
    call: async (idempotencyKey) =>
      outcomeOf(
        await stripe.paymentIntents.update(paymentIntent, { metadata: { ...changes } }, { idempotencyKey }),
      ),
    findEffect,
    verify: async (stripeId) => (stripeId === paymentIntent ? findEffect() : null),
  };
}

function outcomeOf({ metadata, lastResponse }: Stripe.Response<Stripe.PaymentIntent>): OperationOutcome {
  return { type: 'metadata', metadata: withoutOwn(metadata), stripeRequestId: lastResponse.requestId };
}
