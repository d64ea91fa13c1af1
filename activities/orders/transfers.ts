import type Stripe from 'stripe';
import type { OperationOutcome, TransferOperation } from '../../contract/operations.ts';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import { pinnedExpands, TRANSFER_EXPANDS } from '../../domain/commands/stripe-expands.ts';
import { transferTransferGroup } from '../../domain/commands/transfer-groups.ts';
import { isMadeBy, stripeMetadata } from '../../domain/ids.ts';
import { findTransfer } from '../../stripe/find-transfer.ts';
import { expanded, idOf } from '../../stripe/payment-facts.ts';
import { readAll } from '../../stripe/read-all.ts';
import { transferFactsOf } from '../../stripe/transfer-facts.ts';
import { claim } from '../shared/claim.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import { refusedCreation } from '../shared/refused-creation.ts';
import type { Handlers } from '../shared/run-once.ts';

/** A special-case transfer: out of a charge (`source_transaction`), or out of the platform's available balance. */
export function transferHandlers({ stripe }: ActivityDeps, operation: TransferOperation): Handlers {
  const { charge } = operation;
  const read = async (id: string): Promise<OperationOutcome> =>
    transferOutcome(await stripe.transfers.retrieve(id, { expand: [...TRANSFER_EXPANDS] }), operation);
  const findEffect = async (): Promise<OperationOutcome | null> => {
    const transfers = await transfersLike(stripe, operation);
    const made = transfers.find(({ metadata }) => isMadeBy(operation, metadata));
    return made ? read(made.id) : null;
  };
  const findStandalone = async (): Promise<OperationOutcome | null> => {
    const made = await findTransfer(stripe, operation.orderId);
    return made ? (refusedCreation(operation, made.metadata, 'transfer') ?? read(made.id)) : null;
  };
  return {
    call: async (idempotencyKey) =>
      transferOutcome(await stripe.transfers.create(createParams(operation), { idempotencyKey }), operation),
    findCreated: charge ? findEffect : findStandalone,
    findEffect,
    verify: (id) =>
      claim(operation, {
        retrieve: () => stripe.transfers.retrieve(id, { expand: ['source_transaction'] }),
        isLike: (found) =>
          found.amount === operation.amount &&
          found.currency === operation.currency &&
          idOf(found.destination) === operation.destination &&
          !isOfCapture(found),
        mark: (metadata, options) => stripe.transfers.update(id, { metadata }, options),
        outcome: () => read(id),
      }),
  };
}

/** Whether a charge was split by it: nobody made it by hand. Expects `source_transaction` expanded. */
function isOfCapture({ id, source_transaction: source }: Stripe.Transfer): boolean {
  const charge = expanded(source);
  // Of one that may be captured in parts it names the last one's, and nobody else makes any.
  const hasParts = charge?.payment_method_details?.card?.multicapture?.status === 'available';
  return charge !== null && (idOf(charge.transfer) === id || hasParts);
}

/**
 * Transfers of the same group, newest first: its own, or its charge's. Lists by group are up to date at once, however many
 * transfers the platform makes.
 */
async function transfersLike(
  stripe: Stripe,
  { charge, orderId }: TransferOperation,
): Promise<readonly Stripe.Transfer[]> {
  const group = charge
    ? (await stripe.charges.retrieve(charge)).transfer_group
    : transferTransferGroup(orderId);
  if (group === null) return [];
  return readAll(stripe.transfers.list({ transfer_group: group, limit: 100 }));
}

function createParams(operation: TransferOperation): Stripe.TransferCreateParams {
  return {
    amount: operation.amount,
    currency: operation.currency,
    destination: operation.destination,
    ...(operation.charge
      ? { source_transaction: operation.charge }
      : { transfer_group: transferTransferGroup(operation.orderId) }),
    ...(operation.description ? { description: operation.description } : {}),
    metadata: {
      ...stripeMetadata(operation.orderId, operation.operationId),
      [REQUEST_HASH]: operation.requestHash,
    },
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
