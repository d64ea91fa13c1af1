import type Stripe from 'stripe';
import type { OperationOutcome, ReverseTransferOperation } from '../../contract/operations.ts';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import { isMadeBy, stripeMetadata } from '../../domain/ids.ts';
import { refusalOfReversal } from '../../domain/orders/transfer-reversals.ts';
import { reversalAdjustment } from '../../stripe/adjustments.ts';
import { isOfRefund, reversalsOf } from '../../stripe/reversals.ts';
import { claim } from '../shared/claim.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import { refusedCreation } from '../shared/refused-creation.ts';
import type { Handlers } from '../shared/run-once.ts';

/** Takes a special-case transfer back from its account. */
export function reverseTransferHandlers(
  { stripe }: ActivityDeps,
  operation: ReverseTransferOperation,
): Handlers {
  const { amount } = operation;
  const read = () => stripe.transfers.retrieve(operation.transfer);
  const outcome = async (
    reversal: Stripe.TransferReversal,
    stripeRequestId: string | null,
  ): Promise<OperationOutcome> => ({
    type: 'adjustment',
    stripeRequestId,
    adjustment: await reversalAdjustment(stripe, { reversal, isOtherAccount: operation.isOtherAccount }),
  });
  return {
    call: async (idempotencyKey) => {
      const transfer = await read();
      const { requestId } = transfer.lastResponse;
      // Whoever remembered the command may be gone, and its key too: only Stripe still knows what it made.
      const before = await madeBy(stripe, operation, transfer);
      if (before) {
        return refusedCreation(operation, before.metadata ?? {}, 'transfer') ?? outcome(before, requestId);
      }
      const why = refusalOfReversal({ ...transfer, amountReversed: transfer.amount_reversed }, amount);
      if (why) return { type: 'refused', problem: why, payment: null, stripeRequestId: requestId };
      const made = await stripe.transfers.createReversal(transfer.id, createParams(operation), {
        idempotencyKey,
      });
      return outcome(made, made.lastResponse.requestId);
    },
    findEffect: async () => {
      const transfer = await read();
      const made = await madeBy(stripe, operation, transfer);
      return made && outcome(made, transfer.lastResponse.requestId);
    },
    verify: (id) =>
      claim(operation, {
        retrieve: () => stripe.transfers.retrieveReversal(operation.transfer, id),
        isLike: async (reversal) =>
          !isOfRefund(reversal) && (amount === null ? (await read()).reversed : reversal.amount === amount),
        mark: (metadata, options) =>
          stripe.transfers.updateReversal(operation.transfer, id, { metadata }, options),
        outcome: (reversal) => outcome(reversal, reversal.lastResponse.requestId),
      }),
  };
}

async function madeBy(
  stripe: Stripe,
  operation: ReverseTransferOperation,
  transfer: Stripe.Transfer,
): Promise<Stripe.TransferReversal | null> {
  const reversals = await reversalsOf(stripe, transfer);
  return reversals.find(({ metadata }) => isMadeBy(operation, metadata)) ?? null;
}

function createParams(operation: ReverseTransferOperation): Stripe.TransferCreateReversalParams {
  const { orderId, operationId, requestHash, amount, reason } = operation;
  return {
    ...(amount === null ? {} : { amount }),
    ...(reason === null ? {} : { description: reason }),
    metadata: { ...stripeMetadata(orderId, operationId), [REQUEST_HASH]: requestHash },
  };
}
