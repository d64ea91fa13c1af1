import type { TransferState } from '../../contract/transfers.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { accountControls } from '../../sandbox/control/accounts.ts';
import { SEEDED_ACCOUNTS } from '../../sandbox/seed.ts';
import type { World } from '../world/world.ts';
import type { WorkBody } from './caller.ts';
import { commandIdOf } from './caller.ts';
import { DECIDED_WITHIN_MS, decideLater } from './decisions.ts';
import { ask, control } from './outside.ts';
import { accountAtStripe, disconnectOutside, openOutside } from './owners.ts';
import type { PlannedWork, WorkDeed } from './plan-work.ts';
import { RESOLUTIONS } from './resolutions.ts';
import { BEGIN_MS } from './times.ts';
import type { WorkCallers } from './work-caller.ts';
import { workflowIdOf } from './work-caller.ts';

/** Of the platform and of each account that is paid out: less than all that is asked for. Minor units. */
const PLATFORM_HAS = 2_000;
const ACCOUNT_HAS = 600;

/** Money that is there before a life begins. */
export async function fund(world: World): Promise<void> {
  await ask(world, '/v1/payment_intents', {
    amount: PLATFORM_HAS + 2 * ACCOUNT_HAS,
    currency: 'usd',
    payment_method: 'pm_card_bypassPending',
    'payment_method_types[]': 'card',
    capture_method: 'automatic',
    confirm: 'true',
  });
  for (const destination of [SEEDED_ACCOUNTS.usCustom, SEEDED_ACCOUNTS.usExpress])
    await ask(world, '/v1/transfers', { amount: ACCOUNT_HAS, currency: 'usd', destination });
}

/** Plans all that is done about payouts, transfers and accounts, and says when the last of it is done. */
export function liveWorks(world: World, callers: WorkCallers, works: readonly PlannedWork[]): number {
  let last = BEGIN_MS;
  const at = (ms: number, step: () => void) => {
    last = Math.max(last, BEGIN_MS + ms);
    world.clock.at(BEGIN_MS + ms, step);
  };
  for (const work of works) {
    const { openedBeforeMs } = work;
    if (openedBeforeMs !== null) at(work.at - openedBeforeMs, () => openOutside(world, work));
    at(work.at, () => begin(world, callers, work));
    for (const [index, deed] of work.deeds.entries()) {
      at(deed.at, () => {
        const body = deed.name === 'mark_done' ? markDone(world, work) : bodyOf(deed);
        const name = `${work.numbers[index]}-${deed.name}`;
        if (!body) return actOutside(world, work, deed);
        callers.command(work, name, body);
        if (deed.name === 'mark_done') decided(world, callers, work, name, deed.amount);
      });
    }
  }
  return world.policy.approval && works.some(({ kind }) => kind !== 'account')
    ? last + DECIDED_WITHIN_MS
    : last;
}

function begin(world: World, callers: WorkCallers, work: PlannedWork): void {
  callers.begin(work);
  if (work.kind === 'account') return;
  decided(world, callers, work, 'begin', work.amount);
}

/** Somebody decides about what needs two pairs of eyes. */
function decided(world: World, callers: WorkCallers, work: PlannedWork, name: string, lot: number): void {
  decideLater(world, lot, commandIdOf(work.id, name), {
    waiting: () => stateOf(world, work)?.approvals,
    decide: (decision, actor) => callers.command(work, `${name}-decided`, decision, actor),
  });
}

/** Whoever finds in the Dashboard that a payout was made, says so; null: it was not, or nobody is asked. */
function markDone(world: World, work: PlannedWork): WorkBody | null {
  const made = [...world.platform.world.store.rows('payout')].findLast(
    ({ metadata }) => metadata.waybill_payout === work.id,
  );
  const allowed = stateOf(world, work)?.attention?.allowedActions ?? [];
  if (!made || !allowed.includes('mark_done')) return null;
  return { kind: 'resolve', action: 'mark_done', stripe_id: made.id, reason: 'it is in the Dashboard' };
}

/** As a worker has it in its memory. */
function stateOf(world: World, work: PlannedWork) {
  const execution = world.server.newest.get(workflowIdOf(work));
  const state = execution && world.server.peek(execution, work.kind);
  return state as Pick<Payout | TransferState, 'approvals' | 'attention'> | undefined;
}

/** Null: nobody asks Waybill for it. */
function bodyOf({ name, amount }: WorkDeed): WorkBody | null {
  switch (name) {
    case 'cancel':
      return { kind: 'cancel' };
    case 'reverse':
      return { kind: 'reverse_transfer', amount };
    case 'reverse_all':
      return { kind: 'reverse_transfer' };
    case 'update':
      return { kind: 'update', changes: { businessProfile: { name: `Shop ${amount}` } } };
    case 'reject':
      return { kind: 'reject', reason: 'other' };
    case 'deauthorize':
      return { kind: 'deauthorize' };
    case 'resolve': {
      const action = RESOLUTIONS[amount % RESOLUTIONS.length] ?? 'retry';
      return { kind: 'resolve', action, reason: 'looked at it' };
    }
    default:
      return null;
  }
}

/** A bank gives money back, Stripe asks an account for more. */
function actOutside(world: World, work: PlannedWork, { name, amount }: WorkDeed): void {
  const { store } = world.platform.world;
  if (name === 'payout_fails') {
    const made = [...store.rows('payout')].findLast(({ metadata }) => metadata.waybill_payout === work.id);
    if (made) control(world, accountControls, 'POST /_sandbox/payouts/:id/fail', made.id, {});
    return;
  }
  if (name === 'reverse_outside') {
    const made = [...store.rows('transfer')].find(({ metadata }) => metadata.waybill_order === work.id);
    if (made) void ask(world, `/v1/transfers/${made.id}/reversals`, { amount });
    return;
  }
  if (name === 'mark_done') return;
  const account = accountAtStripe(world, work);
  if (name === 'disconnect') {
    if (account) disconnectOutside(world, account.id);
    return;
  }
  if (name === 'disable' || name === 'enable') {
    const capabilities = { transfers: name === 'enable' ? 'active' : 'inactive' };
    if (account) control(world, accountControls, 'POST /_sandbox/accounts/:id', account.id, { capabilities });
    return;
  }
  const fields = [amount % 2 === 0 ? 'business_profile.url' : 'individual.verification.document'];
  const due = amount % 3 === 0 ? { past_due: true } : { deadline_seconds: 3_600 * amount };
  if (account)
    control(world, accountControls, 'POST /_sandbox/accounts/:id/require', account.id, { fields, ...due });
}
