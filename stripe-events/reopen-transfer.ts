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
import { endedRunOf, mustStillEndWith } from './ended-run.ts';
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
  const run = await endedRunOf(deps.temporal, transferWorkflowId(transferId));
  const closed = run === null ? null : await lastState(deps, transferId, run);
  if (run !== null && closed?.transfer)
    return reopenRemembered(deps, { run, closed, transfer: closed.transfer.id }, event);
  const state = await readTransferFromStripe(deps, transferId);
  if (!state?.transfer) return 'foreign';
  const all = await readReversals(deps.stripe, state.transfer.id);
  // What is older than the event was announced when it happened, or nobody had asked for it.
  const reversals = all.filter(({ createdAt }) => createdAt < at - EVENT_LAG_MS);
  if (reversals.length === all.length) return 'ended';
  await start(deps, state, { run, memory: null, reversals }, event);
  return 'reopened';
}

async function reopenRemembered(
  deps: ReopenDeps,
  {
    run,
    closed,
    transfer,
  }: { readonly run: string; readonly closed: TransferState; readonly transfer: string },
  event: StripeEventRef,
): Promise<'reopened' | 'ended'> {
  const { stripe, temporal } = deps;
  const reversals = await readReversals(stripe, transfer);
  const handle = temporal.workflow.getHandle(transferWorkflowId(closed.input.id), run);
  const memory = await ask(temporal, () => handle.query(transferMemoryQuery));
  const known = new Set(memory.reversals.map(({ id }) => id));
  if (reversals.every(({ id }) => known.has(id))) return 'ended';
  await start(deps, closed, { run, memory }, event);
  return 'reopened';
}

/** Null: Temporal has forgotten it. */
async function lastState(
  { temporal }: ReopenDeps,
  transferId: string,
  run: string,
): Promise<TransferState | null> {
  const handle = temporal.workflow.getHandle(transferWorkflowId(transferId), run);
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
  {
    run,
    ...known
  }: { readonly run: string | null } & Pick<ReopenedTransferInput['reopened'], 'memory' | 'reversals'>,
  event: StripeEventRef,
): Promise<void> {
  const input: ReopenedTransferInput = {
    ...first,
    reopened: { createdAt, transfer, ...known, command: null },
    ...(await announcementOf(subscriptions)),
  };
  await mustStillEndWith(temporal, transferWorkflowId(input.id), run);
  await startWithEvent(temporal, transferWorkflowId(input.id), transferBeginning(input, taskQueue), event);
}
