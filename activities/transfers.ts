import type Stripe from 'stripe';
import { isMadeBy, isMadeByAnother, stripeMetadata } from '../domain/ids.ts';
import type { OperationOutcome, TransferOperation } from '../domain/operations.ts';
import { TRANSFER_EXPANDS } from '../domain/stripe-expands.ts';
import { idOf } from '../stripe/payment-facts.ts';
import { transferFactsOf } from '../stripe/transfer-facts.ts';
import type { ActivityDeps } from './deps.ts';
import { CLOCK_SKEW_SECONDS } from './find-payment.ts';
import { pinnedExpands } from './pinned-expands.ts';
import type { Handlers } from './run-once.ts';

/** A special-case transfer: out of a charge (`source_transaction`), or out of the platform's available balance. */
export function transferHandlers({ stripe }: ActivityDeps, operation: TransferOperation): Handlers {
  const read = async (id: string): Promise<OperationOutcome> =>
    transferOutcome(await stripe.transfers.retrieve(id, { expand: [...TRANSFER_EXPANDS] }), operation);
  return {
    call: async (idempotencyKey) =>
      transferOutcome(await stripe.transfers.create(createParams(operation), { idempotencyKey }), operation),
    findEffect: async () => {
      const since = Math.floor(operation.requestedAt / 1000) - CLOCK_SKEW_SECONDS;
      const list = { destination: operation.destination, created: { gte: since }, limit: 100 };
      for await (const { id, metadata } of stripe.transfers.list(list)) {
        if (isMadeBy(operation, metadata)) return read(id);
      }
      return null;
    },
    verify: async (id) => {
      const { amount, currency, destination, metadata } = await stripe.transfers.retrieve(id);
      const matches =
        !isMadeByAnother(operation, metadata) &&
        amount === operation.amount &&
        currency === operation.currency &&
        idOf(destination) === operation.destination;
      return matches ? read(id) : null;
    },
  };
}

function createParams(operation: TransferOperation): Stripe.TransferCreateParams {
  return {
    amount: operation.amount,
    currency: operation.currency,
    destination: operation.destination,
    ...(operation.charge ? { source_transaction: operation.charge } : {}),
    ...(operation.description ? { description: operation.description } : {}),
    metadata: stripeMetadata(operation.orderId, operation.operationId),
    expand: pinnedExpands(operation),
  };
}

function transferOutcome(
  transfer: Stripe.Response<Stripe.Transfer>,
  { operationId }: TransferOperation,
): OperationOutcome {
  const stripeRequestId = transfer.lastResponse.requestId;
  return { type: 'transfer', stripeRequestId, transfer: transferFactsOf(transfer, operationId) };
}
