import type { CreationStamp, OperationStamp } from '../commands/operation-stamp.ts';
import { REQUEST_HASH } from '../commands/operation-stamp.ts';
import type { Resolve } from '../commands/resolve-command.ts';
import type { Problem } from '../errors.ts';
import { KEY_REUSED, problem } from '../errors.ts';
import type { Order } from './order.ts';
import type { OrderCommand } from './order-command-table.ts';

/**
 * What a command already did, as the Stripe objects that it made show: a reopened order does not
 * remember its commands, and Stripe forgets their keys. Null: nothing. `problem`: its id was used for something else.
 */
export function effectOf(order: Order, command: OrderCommand): { readonly problem: Problem | null } | null {
  const made = madeBy(order, command);
  if (made === null) return null;
  return { problem: made ? null : KEY_REUSED };
}

/**
 * Why what an earlier request created at Stripe does not answer this one, which names the same id; null: both asked for the
 * same. `noun`: what was created.
 */
export function refusalOfCreation(
  { operationId, requestHash }: OperationStamp & CreationStamp,
  metadata: Readonly<Record<string, string>>,
  noun: 'order' | 'transfer' | 'payout' | 'account',
): Problem | null {
  if (metadata[REQUEST_HASH] === requestHash) return null;
  if (metadata.waybill_operation === operationId) return KEY_REUSED;
  return problem(`${noun}_exists`, `Stripe already has another ${noun} with this id.`, { param: 'id' });
}

/** Why a Stripe object cannot show what is stuck: it is what another command did. Null: as far as the order knows it can. */
export function refusalOfClaimed(
  { attention, refunds, transfers, adjustments }: Order,
  { action, stripe_id: id }: Resolve,
): Problem | null {
  if (action !== 'mark_done' || !attention?.allowedActions.includes(action)) return null;
  const made = [...refunds, ...transfers, ...adjustments].find((one) => one.id === id);
  if (!made || made.operationId === null || made.operationId === attention.operationId) return null;
  const why = `${made.id} is the effect of ${made.operationId} already: each operation has an effect of its own.`;
  return problem('state_conflict', why, { param: 'stripe_id' });
}

/** Whether what it made is what it asks for; null: it made nothing. */
function madeBy({ refunds, transfers, adjustments, terms }: Order, command: OrderCommand): boolean | null {
  switch (command.kind) {
    case 'refund': {
      const made = refunds.find(({ operationId }) => operationId === command.commandId);
      if (!made) return null;
      const isSame = command.amount === undefined || command.amount === made.amount;
      return isSame && command.reverse_transfer === (made.reversal !== null);
    }
    case 'transfer': {
      const made = transfers.find(({ operationId }) => operationId === command.commandId);
      const destination = command.destination ?? terms.connectedAccount;
      return made ? command.amount === made.amount && destination === made.destination : null;
    }
    case 'reverse_transfer': {
      const made = adjustments.find(({ operationId }) => operationId === command.commandId);
      const isSame = command.amount === undefined || command.amount === made?.amount;
      return made ? isSame && command.transfer === made.transfer : null;
    }
    default:
      return null;
  }
}
