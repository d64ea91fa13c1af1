import type { Context } from '../core/context.ts';
import type { LedgerAccount } from '../core/ledger.ts';
import { balanceOf } from '../core/ledger.ts';
import { supportedCurrencies } from '../core/money.ts';
import { noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, pageShape } from '../http/pagination.ts';
import { currency, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
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

/** What the platform has to hold back for connected accounts below zero whose requirements it collects (Custom). */
function reservedFor(ctx: Context): Map<string, number> {
  const reserved = new Map<string, number>();
  if (ctx.account !== ctx.settings.platform) return reserved;
  const { tx } = ctx;
  for (const account of tx.all('account')) {
    if (account.id === ctx.account || account.controller.requirement_collection !== 'application') continue;
    for (const code of supportedCurrencies) {
      const total =
        balanceOf(tx, `${account.id}:available`, code) + balanceOf(tx, `${account.id}:pending`, code);
      if (total < 0) reserved.set(code, (reserved.get(code) ?? 0) - total);
    }
  }
  return reserved;
}

const retrieve = route('GET', '/v1/balance', {}, (ctx) => {
  const reserved = reservedFor(ctx);
  const available = amounts(ctx, 'available', reserved);
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
    livemode: false,
    pending: amounts(ctx, 'pending', reserved),
    refund_and_dispute_prefunding: { available: [], pending: [] },
  };
});

const retrieveTransaction = route('GET', '/v1/balance_transactions/:id', {}, (ctx, _params, ids) => {
  const row = ctx.tx.get('balance_transaction', ids.id);
  if (!row || row.owner !== ctx.account) throw noSuch('balance transaction', ids.id, 'id', 404);
  return view(ctx, 'balance_transaction', row);
});

const listTransactions = route(
  'GET',
  '/v1/balance_transactions',
  {
    ...pageShape,
    created,
    currency: optional(currency),
    payout: optional(text),
    source: optional(text),
    type: optional(text),
  },
  (ctx, params) => {
    const rows =
      params.source === undefined
        ? ctx.tx.where('balance_transaction', 'owner', ctx.account)
        : ctx.tx.where('balance_transaction', 'source', params.source);
    const kept = filtered(
      rows,
      (row) =>
        row.owner === ctx.account &&
        params.payout === undefined &&
        (params.type === undefined || row.type === params.type) &&
        (params.currency === undefined || row.currency === params.currency) &&
        createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'balance_transaction', kept, params, '/v1/balance_transactions');
  },
);

export const balanceRoutes = [retrieve, retrieveTransaction, listTransactions];
