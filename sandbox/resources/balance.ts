import type { Context } from '../core/context.ts';
import { balanceOf } from '../core/ledger.ts';
import { supportedCurrencies } from '../core/money.ts';
import { INSTANT_LIMIT } from '../flows/payouts.ts';
import { reservedFor } from '../flows/reserves.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import { currency, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { LedgerAccount } from '../objects/ledger.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';

function amounts(ctx: Context, bucket: 'available' | 'pending', reserved: Map<string, number>): Json[] {
  const account: LedgerAccount = `${ctx.account}:${bucket}`;
  const home = ctx.tx.must('account', ctx.account).default_currency;
  const currencies = supportedCurrencies.filter(
    (code) =>
      code === home ||
      reserved.has(code) ||
      ctx.tx.get('ledger_balance', `${ctx.account}:available ${code}`) ||
      ctx.tx.get('ledger_balance', `${ctx.account}:pending ${code}`),
  );
  return currencies.map((code) => {
    const held = bucket === 'available' ? (reserved.get(code) ?? 0) : 0;
    const amount = balanceOf(ctx.tx, account, code) - held;
    return { amount, currency: code, source_types: { card: amount } };
  });
}

/** What could leave at once. */
function instantlyAvailable(available: Json[]): Json[] {
  return available.map(({ amount, currency: code }) => {
    const most = Math.min(Math.max(Number(amount), 0), INSTANT_LIMIT);
    return { amount: most, currency: code, source_types: { card: most } };
  });
}

const retrieve = route('GET', '/v1/balance', {}, (ctx) => {
  const reserved = reservedFor(ctx);
  const available = amounts(ctx, 'available', reserved);
  const prefunded = available.map(({ currency }) => ({ amount: 0, currency }));
  const isPlatform = ctx.account === ctx.settings.platform;
  return {
    object: 'balance',
    available,
    ...(isPlatform
      ? {
          connect_reserved: available.map(({ currency: code }) => ({
            amount: reserved.get(String(code)) ?? 0,
            currency: code,
          })),
        }
      : {}),
    instant_available: instantlyAvailable(available),
    livemode: false,
    pending: amounts(ctx, 'pending', reserved),
    refund_and_dispute_prefunding: { available: prefunded, pending: prefunded },
  };
});

const retrieveTransaction = route('GET', '/v1/balance_transactions/:id', {}, (ctx, _params, ids) => {
  const row = ctx.tx.get('balance_transaction', ids.id);
  if (!row || row.owner !== ctx.account) throw noSuch('balance transaction', ids.id, 'id', 404);
  return view(ctx, 'balance_transaction', row);
});

/** A payout made by hand is no sum of transactions. */
function checkAutomatic(ctx: Context, id: string): void {
  const payout = ctx.tx.get('payout', id);
  if (!payout || payout.owner !== ctx.account) throw noSuch('payout', id, 'payout');
  if (payout.automatic) return;
  throw invalid(
    'Balance transaction history can only be filtered on automatic transfers, not manual.',
    'payout',
  );
}

const listTransactions = route(
  'GET',
  '/v1/balance_transactions',
  {
    ...pageShape,
    available_on: created,
    created,
    currency: optional(currency),
    payout: optional(text),
    source: optional(text),
    type: optional(text),
  },
  (ctx, params) => {
    if (params.payout !== undefined) checkAutomatic(ctx, params.payout);
    const { source } = params;
    // Stripe finds none by a dispute, though they name it as their source.
    const bySource = (id: string) =>
      ctx.tx.get('dispute', id) ? [] : ctx.tx.where('balance_transaction', 'source', id);
    const rows = source === undefined ? ownRows(ctx, 'balance_transaction', params) : bySource(source);
    const kept = filtered(
      rows,
      (row) =>
        row.owner === ctx.account &&
        (params.payout === undefined || row.payout === params.payout) &&
        (params.type === undefined || row.type === params.type) &&
        (params.currency === undefined || row.currency === params.currency) &&
        createdMatches(params.available_on, row.available_on) &&
        createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'balance_transaction', kept, params, '/v1/balance_transactions');
  },
);

export const balanceRoutes = [retrieve, retrieveTransaction, listTransactions];
