import { AMOUNT_MAX } from '../../domain/commands/fields.ts';
import type { KeyScope } from '../../domain/commands/key-scope.ts';
import {
  isLimited,
  refusalOfAccounts,
  refusalOfAmount,
  refusalOfSchedule,
} from '../../domain/commands/key-scope.ts';
import { payoutIdFromDigest, transferIdFromDigest } from '../../domain/ids.ts';
import type { MoneyOut } from '../../domain/limits/day-limits.ts';
import type { Order } from '../../domain/orders/order.ts';
import { stakeOf } from '../../domain/orders/stake.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { commandIdOf, digestOf } from '../http/idempotency.ts';
import { confineDecision, destinationsDecided, isResolve } from './confine-decision.ts';
import type { Asked, Deps, Found } from './confined-request.ts';
import { commandIn, isRepeat, once } from './confined-request.ts';

/** What moves money out without an order, and the previews of that. */
const CREATES: ReadonlyMap<string, MoneyOut> = new Map([
  ['/v1/transfers', 'transfer'],
  ['/v1/transfers/preview', 'transfer'],
  ['/v1/accounts/{id}/payouts', 'payout'],
  ['/v1/accounts/{id}/payouts/preview', 'payout'],
]);

/**
 * Holds a request to what its key is confined to; throws why it is beyond that. Gives back the body: of a refund without an amount,
 * or a decision without an approval, with what was compared.
 */
export async function confine(
  deps: Deps,
  scope: KeyScope,
  endpoint: Pick<Endpoint, 'method' | 'path' | 'role'>,
  asked: Asked,
): Promise<Asked['body']> {
  if (endpoint.role === 'open' || Object.keys(scope).length === 0) return asked.body;
  const found = {
    order: await orderOf(deps, endpoint.path, asked),
    transfer: once(() => deps.transfers.read(String(asked.params.id))),
  };
  const accounts = scope.accounts ? await accountsOf(deps, endpoint, asked, found) : null;
  throwIf(refusalOfAccounts(scope, accounts));
  if (isResolve(endpoint.path)) return confineDecision(deps, scope, endpoint.path, asked, found);
  return withinLimits(deps, scope, endpoint, asked, found.order);
}

async function withinLimits(
  deps: Deps,
  scope: KeyScope,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
  asked: Asked,
  order: Order | null,
): Promise<Asked['body']> {
  const { body } = asked;
  if (method !== 'post') return body;
  if (path === '/v1/accounts/{id}/payout_schedule') throwIf(refusalOfSchedule(scope, body.interval));
  const creates = CREATES.get(path);
  if (creates) {
    const refusal = refusalOfAmount(scope, { what: creates, ...amountIn(body) });
    if (refusal && !(await wasBegun(deps, creates, asked))) throw new ProblemError(refusal);
    return body;
  }
  const [, what] = /^\/v1\/orders\/\{id\}\/(refund|transfer)s(\/preview)?$/.exec(path) ?? [];
  if (!order || (what !== 'refund' && what !== 'transfer') || !isLimited(scope, what)) return body;
  if (hasMade(order, what, asked)) return body;
  const stake = stakeOf(order, { ...body, kind: what } as Parameters<typeof stakeOf>[1]);
  if (!stake) return body;
  const refusal = refusalOfAmount(scope, { ...stake, what });
  if (refusal && (await isRepeat(deps, path, asked))) return body;
  throwIf(refusal);
  // All that is left may be more by the time it is carried out. Of nothing, the order says why; what is more than it ever has is refused
  // even if something is left by then.
  return { ...body, amount: stake.amount > 0 ? stake.amount : AMOUNT_MAX };
}

/** Whether this very request made one before: its repeat gets the first answer, whatever is left or allowed now. */
function hasMade({ refunds, transfers }: Order, what: 'refund' | 'transfer', asked: Asked): boolean {
  const repeated = commandIn(asked);
  if (!repeated) return false;
  const id = commandIdOf(repeated, String(asked.params.id));
  return (what === 'refund' ? refunds : transfers).some(({ operationId }) => operationId === id);
}

/** The same of what has no order. */
async function wasBegun(
  { transfers, payouts, stripeReads }: Deps,
  what: MoneyOut,
  asked: Asked,
): Promise<boolean> {
  const repeated = commandIn(asked);
  if (!repeated) return false;
  const digest = digestOf(repeated, `${what}s`);
  try {
    if (what === 'payout') return Boolean(await payouts.read(payoutIdFromDigest(digest)));
    stripeReads.spend(asked.actor);
    const { input } = await transfers.read(String(asked.body.id ?? transferIdFromDigest(digest)));
    return input.pay.commandId === commandIdOf(repeated, `${what}s`);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not_found') return false;
    throw error;
  }
}

/** The connected accounts that it is about, by Stripe's ids; null: it may be about any. What is not named here is closed to a confined key. */
async function accountsOf(
  deps: Deps,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
  { params, query, body }: Asked,
  { order, transfer }: Found,
): Promise<readonly string[] | null> {
  const named = async (account: unknown, param: string) =>
    typeof account === 'string' ? [await deps.accountIds.of(account, param)] : [];
  if (order) {
    const destinations = [
      ...(await named(body.destination, 'destination')),
      ...destinationsOf(order, path, { params, body }),
    ];
    return [order.terms.connectedAccount, ...destinations];
  }
  if (path.startsWith('/v1/accounts/{id}')) return named(params.id, 'id');
  if (path.startsWith('/v1/transfers/{id}')) return [(await transfer()).input.destination];
  if (method === 'post' && /^\/v1\/orders(\/preview)?$/.test(path))
    return named(body.connected_account, 'connected_account');
  if (method === 'post' && /^\/v1\/transfers(\/preview)?$/.test(path))
    return named(body.destination, 'destination');
  const isList = path === '/v1/orders' || path === '/v1/payouts';
  return isList && query.connected_account !== undefined
    ? named(query.connected_account, 'connected_account')
    : null;
}

/** Of the order's transfers that it is about, which may go to another account: one to be reversed, or one to be decided on. */
function destinationsOf(order: Order, path: string, { params, body }: Pick<Asked, 'params' | 'body'>) {
  const reversed = order.transfers.filter(({ id }) => id === params.transfer);
  const decided = isResolve(path) ? destinationsDecided(order, body) : [];
  return [...reversed.flatMap(({ destination }) => destination ?? []), ...decided];
}

/** The order that it is about; null: none that is there yet. */
function orderOf(
  { orders, stripeReads }: Deps,
  path: string,
  { params, actor }: Asked,
): Promise<Order | null> {
  const isOfOne = path.startsWith('/v1/orders/{id}') && !path.endsWith('/adopt');
  if (!isOfOne) return Promise.resolve(null);
  return orders.read(String(params.id), () => stripeReads.spend(actor));
}

function amountIn(body: Asked['body']) {
  return { amount: Number(body.amount), currency: String(body.currency) };
}

function throwIf(refusal: ConstructorParameters<typeof ProblemError>[0] | null): void {
  if (refusal) throw new ProblemError(refusal);
}
