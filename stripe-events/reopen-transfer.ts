import { transferBeginning } from '../contract/transfer-start.ts';
import type { ReopenedTransferInput, TransferState } from '../contract/transfers.ts';
import { transferMemoryQuery, transferStateQuery } from '../contract/transfers.ts';
import { transferWorkflowId } from '../domain/ids.ts';
import type { EventSubject, StripeEventRef } from '../domain/stripe-events/stripe-events.ts';
import { announcementOf } from '../event-delivery/directory.ts';
import { readTransferFromStripe } from '../stripe/read-transfer.ts';
import { readReversals } from '../stripe/reversals.ts';
import { ask } from '../temporal/ask.ts';
import { faultOf } from '../temporal/faults.ts';
import type { ReopenDeps } from './reopen.ts';
import { startWithEvent } from './start-with-event.ts';

/** How much older than its event a reversal may be: Stripe names both times in whole seconds. */
const EVENT_LAG_MS = 60_000;

/** What became of an event about a transfer whose workflow has ended. */
type Reopening =
  | 'reopened'
  /** It knows all its reversals. */
  | 'ended'
  /** Stripe knows no such transfer of Waybill's. */
  | 'foreign';

/** Takes a special-case transfer with no order up again, if there is a reversal that it does not know: the new run reads and announces it. */
export async function reopenTransfer(
  deps: ReopenDeps,
  { transferId, at }: Extract<EventSubject, { kind: 'transfer' }>,
  event: StripeEventRef,
): Promise<Reopening> {
  const closed = await lastState(deps, transferId);
  if (closed?.transfer) return reopenRemembered(deps, closed, closed.transfer.id, event);
  const state = await readTransferFromStripe(deps, transferId);
  if (!state?.transfer) return 'foreign';
  const all = await readReversals(deps.stripe, state.transfer.id);
  // What is older than the event was announced when it happened, or nobody had asked for it.
  const reversals = all.filter(({ createdAt }) => createdAt < at - EVENT_LAG_MS);
  if (reversals.length === all.length) return 'ended';
  await start(deps, state, { memory: null, reversals }, event);
  return 'reopened';
}

async function reopenRemembered(
  deps: ReopenDeps,
  closed: TransferState,
  transfer: string,
  event: StripeEventRef,
): Promise<'reopened' | 'ended'> {
  const { stripe, temporal } = deps;
  const reversals = await readReversals(stripe, transfer);
  const handle = temporal.workflow.getHandle(transferWorkflowId(closed.input.id));
  // Last: another event may have reopened it meanwhile.
  const memory = await ask(temporal, () => handle.query(transferMemoryQuery));
  const known = new Set(memory.reversals.map(({ id }) => id));
  if (reversals.every(({ id }) => known.has(id))) return 'ended';
  await start(deps, closed, { memory }, event);
  return 'reopened';
}

/** Null: Temporal has forgotten it. */
async function lastState({ temporal }: ReopenDeps, transferId: string): Promise<TransferState | null> {
  const handle = temporal.workflow.getHandle(transferWorkflowId(transferId));
  try {
    return await ask(temporal, () => handle.query(transferStateQuery));
  } catch (error) {
    if (faultOf(error)?.type === 'not_found') return null;
    throw error;
  }
}

async function start(
  { temporal, taskQueue, subscriptions }: ReopenDeps,
  { input: { announced: _, ...first }, createdAt, transfer }: TransferState,
  known: Pick<ReopenedTransferInput['reopened'], 'memory' | 'reversals'>,
  event: StripeEventRef,
): Promise<void> {
  const input: ReopenedTransferInput = {
    ...first,
    reopened: { createdAt, transfer, ...known, command: null },
    ...(await announcementOf(subscriptions)),
  };
  await startWithEvent(temporal, transferWorkflowId(input.id), transferBeginning(input, taskQueue), event);
}
