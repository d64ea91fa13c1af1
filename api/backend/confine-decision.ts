import type { Approval, Decision } from '../../domain/commands/approval.ts';
import { approvalMeant, isApproval, isDecision } from '../../domain/commands/approval.ts';
import type { KeyScope } from '../../domain/commands/key-scope.ts';
import { refusalOfAmount } from '../../domain/commands/key-scope.ts';
import type { Resolve } from '../../domain/commands/resolve-command.ts';
import type { Problem } from '../../domain/errors.ts';
import { isMoneyOut } from '../../domain/limits/day-limits.ts';
import type { Order } from '../../domain/orders/order.ts';
import { decidesOnNotice } from '../../domain/orders/resolve-refusals.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Asked, Deps, Found } from './confined-request.ts';
import { isRepeat } from './confined-request.ts';

export function isResolve(path: string): boolean {
  return /\/resolve(\/preview)?$/.test(path);
}

/**
 * Who may not ask for so much does not approve it either, nor make a failed payout of it again. Gives back the body: of an approval
 * that it does not name, with the one that was compared.
 */
export async function confineDecision(
  deps: Deps,
  scope: KeyScope,
  path: string,
  asked: Asked,
  { order, transfer }: Found,
): Promise<Asked['body']> {
  const { body, params } = asked;
  const unlessRepeat = async (refusal: Problem | null) => {
    if (refusal && !(await isRepeat(deps, path, asked))) throw new ProblemError(refusal);
  };
  const payout = params.payout === undefined ? null : await payoutOf(deps, params);
  const resolve = resolveIn(body);
  if (payout && resolve.action === 'retry') {
    await unlessRepeat(refusalOfAmount(scope, { ...payout.terms, what: 'payout' }));
  }
  if (!isDecision(resolve)) return body;
  const isOfTransfer = path.startsWith('/v1/transfers/');
  const approvals = (order ?? payout ?? (isOfTransfer ? await transfer() : null))?.approvals ?? [];
  const meant = approvalMeant<Approval>(approvals, resolve);
  if (!isApproval(meant)) {
    await unlessRepeat(meant);
    return body;
  }
  await unlessRepeat(refusalOfApproved(scope, resolve, meant));
  return { ...body, stripe_id: meant.id };
}

/** Of another account than its path names there is none, and nothing to tell. */
async function payoutOf({ payouts, accountIds }: Deps, { id, payout }: Asked['params']): Promise<Payout> {
  const account = await accountIds.of(String(id), 'id');
  return payouts.readOf({ account, payoutId: String(payout) });
}

function refusalOfApproved(
  scope: KeyScope,
  { action }: Decision,
  { what, ...money }: Approval,
): Problem | null {
  return action === 'approve' && isMoneyOut(what) ? refusalOfAmount(scope, { ...money, what }) : null;
}

/** Of the order's transfers that a decision is about, which may go to another account: one that waits for it, or one that is stuck. */
export function destinationsDecided(order: Order, body: Asked['body']): readonly string[] {
  const resolve = resolveIn(body);
  const decided = isDecision(resolve)
    ? order.approvals.filter(({ id }) => resolve.stripe_id === undefined || id === resolve.stripe_id)
    : [];
  const held = decided.flatMap(({ command }) =>
    command.kind === 'transfer' ? (command.destination ?? []) : [],
  );
  const isAboutStuck =
    decided.some(({ command }) => command.kind === 'resolve') ||
    (!isDecision(resolve) && !decidesOnNotice(order, resolve));
  return isAboutStuck ? [...held, ...destinationsStuck(order)] : held;
}

function destinationsStuck({ attention, transfers }: Order): readonly string[] {
  const reversed = transfers.filter(({ id }) => id === attention?.transfer);
  return [...reversed.map(({ destination }) => destination), attention?.destination].flatMap(
    (destination) => destination ?? [],
  );
}

/** The endpoint's schema has checked it. */
function resolveIn(body: Asked['body']): Resolve {
  return { ...body, kind: 'resolve' } as Resolve;
}
