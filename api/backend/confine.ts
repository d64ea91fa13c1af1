import { AMOUNT_MAX } from '../../domain/commands/fields.ts';
import type { KeyScope } from '../../domain/commands/key-scope.ts';
import { isLimited, refusalOfAccounts, refusalOfAmount } from '../../domain/commands/key-scope.ts';
import type { MoneyOut } from '../../domain/limits/day-limits.ts';
import type { Order } from '../../domain/orders/order.ts';
import { stakeOf } from '../../domain/orders/stake.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { commandIdOf } from '../http/idempotency.ts';
import type { Backend } from './backend.ts';

/** A validated request, as far as its scope is concerned. */
interface Asked {
  readonly actor: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

type Deps = Pick<Backend, 'orders' | 'transfers' | 'accountIds' | 'stripeReads'>;

/** What moves money out without an order, and the previews of that. */
const CREATES: ReadonlyMap<string, MoneyOut> = new Map([
  ['/v1/transfers', 'transfer'],
  ['/v1/transfers/preview', 'transfer'],
  ['/v1/accounts/{id}/payouts', 'payout'],
  ['/v1/accounts/{id}/payouts/preview', 'payout'],
]);

/**
 * Holds a request to what its key is confined to; throws why it is beyond that. Gives back the body: of a refund without an amount,
 * with the amount that was compared.
 */
export async function confine(
  deps: Deps,
  scope: KeyScope,
  endpoint: Pick<Endpoint, 'method' | 'path' | 'role'>,
  asked: Asked,
): Promise<Asked['body']> {
  if (endpoint.role === 'open' || Object.keys(scope).length === 0) return asked.body;
  const order = await orderOf(deps, endpoint.path, asked);
  const accounts = scope.accounts ? await accountsOf(deps, endpoint, asked, order) : null;
  throwIf(refusalOfAccounts(scope, accounts));
  return withinLimits(scope, endpoint, asked, order);
}

function withinLimits(
  scope: KeyScope,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
  asked: Asked,
  order: Order | null,
): Asked['body'] {
  const { body } = asked;
  if (method !== 'post') return body;
  const creates = CREATES.get(path);
  if (creates) {
    throwIf(refusalOfAmount(scope, { what: creates, ...amountIn(body) }));
    return body;
  }
  const [, what] = /^\/v1\/orders\/\{id\}\/(refund|transfer)s(\/preview)?$/.exec(path) ?? [];
  if (!order || (what !== 'refund' && what !== 'transfer') || !isLimited(scope, what)) return body;
  if (what === 'refund' && body.amount === undefined && hasMade(order, asked)) return body;
  const stake = stakeOf(order, { ...body, kind: what } as Parameters<typeof stakeOf>[1]);
  if (!stake) return body;
  throwIf(refusalOfAmount(scope, { ...stake, what }));
  // All that is left may be more by the time it is carried out. Of nothing, the order says why; what is more than it ever has is refused
  // even if something is left by then.
  return { ...body, amount: stake.amount > 0 ? stake.amount : AMOUNT_MAX };
}

/** Whether this very request made a refund before: its repeat gets the first answer, whatever is left now. */
function hasMade({ refunds }: Order, { actor, params, headers }: Asked): boolean {
  const key = headers['Idempotency-Key'];
  if (typeof key !== 'string') return false;
  const id = commandIdOf({ actor, headers: { 'Idempotency-Key': key } }, String(params.id));
  return refunds.some(({ operationId }) => operationId === id);
}

/** The connected accounts that it is about, by Stripe's ids; null: it may be about any. What is not named here is closed to a confined key. */
async function accountsOf(
  deps: Deps,
  { method, path }: Pick<Endpoint, 'method' | 'path'>,
  { params, query, body }: Asked,
  order: Order | null,
): Promise<readonly string[] | null> {
  const named = async (account: unknown, param: string) =>
    typeof account === 'string' ? [await deps.accountIds.of(account, param)] : [];
  if (order) return [order.terms.connectedAccount, ...(await named(body.destination, 'destination'))];
  if (path.startsWith('/v1/accounts/{id}')) return named(params.id, 'id');
  if (path.startsWith('/v1/transfers/{id}'))
    return [(await deps.transfers.read(String(params.id))).input.destination];
  if (method === 'post' && /^\/v1\/orders(\/preview)?$/.test(path))
    return named(body.connected_account, 'connected_account');
  if (method === 'post' && /^\/v1\/transfers(\/preview)?$/.test(path))
    return named(body.destination, 'destination');
  const isList = path === '/v1/orders' || path === '/v1/payouts';
  return isList && query.connected_account !== undefined
    ? named(query.connected_account, 'connected_account')
    : null;
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
