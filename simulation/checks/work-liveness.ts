import type Stripe from 'stripe';
import type { TransferState } from '../../contract/transfers.ts';
import type { Account } from '../../domain/accounts/account.ts';
import { statusOfAccount } from '../../domain/accounts/account.ts';
import { accountDigest } from '../../domain/accounts/account-digest.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { stripePayoutOf } from '../../domain/payouts/payout.ts';
import { presentPayout } from '../../domain/payouts/present-payout.ts';
import type { Account as AccountRow } from '../../sandbox/objects/accounts.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import type { Asked, Callers } from '../lives/caller.ts';
import type { WorkKind } from '../lives/deeds.ts';
import { read } from '../lives/outside.ts';
import type { PlannedWork } from '../lives/plan-work.ts';
import { workflowIdOf } from '../lives/work-caller.ts';
import type { World } from '../world/world.ts';
import { contradictionIn } from './asked.ts';
import { lastSaidOtherwise } from './events.ts';
import { wrongAnswer } from './unanswered.ts';

const QUERY: Readonly<Record<WorkKind, string>> = {
  payout: 'payout',
  transfer: 'transfer',
  account: 'account',
};

interface State {
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
}

/** Why a payout, a transfer or an account has not come to its end, or differs from what Stripe has; null: neither. */
export async function whyWorkNotLive(
  world: World,
  callers: Callers,
  work: PlannedWork,
): Promise<string | null> {
  const { server } = world;
  const execution = server.newest.get(workflowIdOf(work));
  const isFollowed = execution?.isOpen === true;
  if (work.kind === 'payout' && !isFollowed && hasComeBack(world, work)) return unseenFailure(world, work);
  if (!execution) return null;
  const state = (await server.query(execution, QUERY[work.kind], '[]')) as State;
  if (state.pending) return `${state.pending.operation} is still on its way`;
  const wrong = await wrongAnswer(world, callers, execution, work.id);
  if (wrong) return wrong;
  if (state.attention) {
    const isTold = !execution.isOpen || execution.searchAttributes.NeedsAttention === true;
    return isTold ? null : 'it waits for a person who has not been told';
  }
  const own = [...callers.asked.values()].filter(({ about }) => about === work.id);
  for (const asked of own) {
    const why = contradictionIn(asked) ?? undoneOf(world, callers, work, asked, execution.isOpen);
    if (why) return why;
  }
  // One that is rejected or disconnected is followed no more.
  if (work.kind === 'account' && !execution.isOpen) return null;
  return differenceOf(world, work, state);
}

const NEVER_COMES_BACK: ReadonlySet<unknown> = new Set(['failed', 'canceled']);

/** Whether a bank has sent it back after its workflow had ended. */
function hasComeBack({ server, platform }: World, { id, ...work }: PlannedWork): boolean {
  const workflowId = workflowIdOf({ id, ...work });
  const last = server.newest.get(workflowId) ?? server.forgotten.get(workflowId);
  if (!last || last.status === 'FAILED' || NEVER_COMES_BACK.has(last.searchAttributes.PayoutStatus))
    return false;
  const made = [...platform.world.store.rows('payout')].filter(
    ({ metadata }) => metadata.waybill_payout === id,
  );
  return made.at(-1)?.status === 'failed';
}

/** The event of that waits for a person who has been told; null: it does. */
function unseenFailure({ server, chance }: World, { id }: PlannedWork): string | null {
  // Once its watch is over, only its webhook tells.
  if (chance.fired.some((fault) => fault.startsWith('webhook_lost webhook payout.failed'))) return null;
  // Given up after days, it is still listed.
  const isAsked = server.executions.some(
    ({ status, beginning, searchAttributes }) =>
      beginning.type === 'stripeEvent' &&
      beginning.args.includes(`"${id}"`) &&
      status !== 'COMPLETED' &&
      searchAttributes.NeedsAttention === true,
  );
  return isAsked ? null : 'it failed when no workflow followed it any more, and nobody has been asked';
}

function differenceOf(
  world: World,
  work: PlannedWork,
  state: unknown,
): string | null | Promise<string | null> {
  switch (work.kind) {
    case 'payout':
      return payoutDiffers(world, work, state as Payout);
    case 'transfer':
      return transferDiffers(world, work, state as TransferState);
    case 'account':
      return accountDiffers(world, state as Account);
  }
}

/** What Stripe has of it is what it shows, and the account's balance has lost that and no more. */
function payoutDiffers(world: World, { id, amount }: PlannedWork, payout: Payout): string | null {
  const { platform } = world;
  const made = [...platform.world.store.rows('payout')].filter(
    ({ metadata }) => metadata.waybill_payout === id,
  );
  const known = stripePayoutOf(payout);
  const newest = made.at(-1);
  if ((newest?.id ?? null) !== (known?.id ?? null)) return `Stripe has ${newest?.id}, it shows ${known?.id}`;
  if (newest && newest.status !== known?.status)
    return `Stripe has ${newest.status}, it shows ${known?.status}`;
  // Asking has a state of its own: that was looked at before.
  if (newest?.status === 'failed' && !payout.failureAccepted)
    return 'it failed, and nobody has been asked what to do';
  const isGone = newest !== undefined && newest.status !== 'failed' && newest.status !== 'canceled';
  const moved = made.reduce((sum, one) => sum + netOf(platform, one.id), 0);
  if (moved !== (isGone ? -amount : 0)) return `the balance transactions of its payouts are ${moved}`;
  return lastSaidOtherwise(world, `payout~${id}`, presentPayout(payout));
}

/** The transfer is what it shows, and what the balance transactions of it and its reversals add up to. */
function transferDiffers({ platform }: World, work: PlannedWork, state: TransferState): string | null {
  const { store } = platform.world;
  const made = [...store.rows('transfer')].filter(({ metadata }) => metadata.waybill_order === work.id);
  if (made.length > 1) return `it was paid ${made.length} times`;
  const [transfer] = made;
  if ((transfer?.id ?? null) !== (state.transfer?.id ?? null))
    return `Stripe has ${transfer?.id}, it shows ${state.transfer?.id}`;
  if (!transfer) return null;
  const reversals = [...store.rows('transfer_reversal')].filter((one) => one.transfer === transfer.id);
  const reversed = reversals.reduce((sum, { amount }) => sum + amount, 0);
  const moved = [transfer, ...reversals].reduce((sum, { id }) => sum + netOf(platform, id), 0);
  if (transfer.amount !== work.amount) return `it asked for ${work.amount}, and ${transfer.amount} moved`;
  const known = state.reversals.reduce((sum, { amount }) => sum + amount, 0);
  if (known !== reversed) return `${reversed} of it were reversed, and it shows ${known}`;
  if (reversed > transfer.amount) return `${reversed} of ${transfer.amount} were reversed`;
  return moved === reversed - transfer.amount ? null : `the balance transactions of it are ${moved}`;
}

async function accountDiffers(world: World, account: Account): Promise<string | null> {
  const { connection, facts } = account;
  if (connection !== 'connected' || !facts) return null;
  const isDisconnected = world.platform.world.store.get('account', facts.id)?.sandbox.disconnected;
  if (isDisconnected) return `${facts.id} is not connected at Stripe any more, and it shows as connected`;
  const known = accountFactsOf((await read(world, `/v1/accounts/${facts.id}`)) as Stripe.Account);
  if (accountDigest(known) !== accountDigest(facts)) return `Stripe shows another ${facts.id} than it knows`;
  const shown = { id: facts.id, status: statusOfAccount(account) };
  return lastSaidOtherwise(world, `account~${account.reference}`, shown);
}

function netOf(platform: World['platform'], source: string): number {
  const { store } = platform.world;
  let net = 0;
  for (const id of store.ids('balance_transaction', 'source', source)) {
    net += store.get('balance_transaction', id)?.net ?? 0;
  }
  return net;
}

/** What was answered as done is at Stripe, as it was asked for; what was refused is not. */
function undoneOf(
  world: World,
  callers: Callers,
  work: PlannedWork,
  asked: Asked,
  isOpen: boolean,
): string | null {
  const { envelope, body, results } = asked;
  const { store } = world.platform.world;
  const isDone = results.some(({ outcome }) => outcome === 'done');
  if (work.kind === 'account') {
    const opened = store.get('account', world.openedOutside.get(work.id) ?? '');
    const isGivenUp = [...callers.asked.values()].some(
      (one) => one.about === work.id && one.body?.kind === 'resolve' && one.body.action === 'abandon',
    );
    if (opened) return wrongConnection(opened, { isOpen, isGivenUp }, asked);
    const isMade = [...store.rows('account')].some(({ metadata }) => metadata.waybill_account === work.id);
    const isMissing = body === null && !work.isAdopted && isDone && !isMade;
    return isMissing
      ? `${envelope.commandId} was answered as done, but no account bears its reference`
      : null;
  }
  if (body !== null && body.kind !== 'reverse_transfer') return null;
  const table = body ? 'transfer_reversal' : work.kind;
  const made = [...store.rows(table)].filter(
    ({ metadata }) => metadata.waybill_operation === envelope.commandId,
  );
  const wanted = body ? body.amount : work.amount;
  if (made.some(({ amount }) => wanted !== undefined && amount !== wanted))
    return `${envelope.commandId} asked for ${wanted}, and ${made.map(({ amount }) => amount)} moved`;
  const isRefused = results.some(({ outcome }) => outcome === 'refused');
  if (isRefused && made.length > 0) return `${envelope.commandId} was refused, but took effect`;
  const mayWait = work.kind === 'payout' && work.isPatient;
  return isDone && made.length === 0 && !mayWait
    ? `${envelope.commandId} was answered as done, but Stripe has nothing of it`
    : null;
}

/** Of an account that its owner connected: what was answered about the connection is so. */
function wrongConnection(
  opened: AccountRow,
  { isOpen, isGivenUp }: { readonly isOpen: boolean; readonly isGivenUp: boolean },
  { envelope, body, results }: Asked,
): string | null {
  const { disconnected } = opened.sandbox;
  const outcomes = new Set(results.map(({ outcome }) => outcome));
  // Who gives it up is told which accounts it may be.
  if (body === null && outcomes.has('refused') && !isGivenUp && !disconnected)
    return `${envelope.commandId} was refused, but ${opened.id} is connected`;
  if (body === null && outcomes.has('done') && isOpen && opened.metadata.waybill_account === undefined)
    return `${opened.id} does not bear its reference`;
  if (body?.kind === 'deauthorize' && outcomes.has('done') && !disconnected)
    return `${envelope.commandId} was answered as done, but ${opened.id} is connected`;
  return null;
}
