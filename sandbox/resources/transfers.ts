import type { Context } from '../core/context.ts';
import { formatAmount } from '../core/money.ts';
import { emit } from '../flows/events.ts';
import { spendable } from '../flows/reserves.ts';
import { checkDestination, checkTransferRegion } from '../flows/rules.ts';
import { settleCharge } from '../flows/settle.ts';
import { transfer as moveFunds } from '../flows/transfers.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import {
  atLeast,
  clearable,
  currency,
  mergeMetadata,
  metadata,
  oneOf,
  optional,
  required,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Transfer } from '../objects/connect.ts';
import type { Charge } from '../objects/payments.ts';
import { view } from '../views/index.ts';

const createShape = {
  amount: required(atLeast(1)),
  currency: required(currency),
  description: optional(text),
  destination: required(text),
  metadata: optional(metadata),
  source_transaction: optional(text),
  source_type: optional(oneOf('bank_account', 'card', 'fpx')),
  transfer_group: optional(text),
};

const create = route('POST', '/v1/transfers', createShape, (ctx, params) => {
  if (ctx.account !== ctx.settings.platform) {
    throw invalid('Connected accounts cannot create transfers to other accounts.', 'destination');
  }
  const destination = checkDestination(ctx, params.destination, 'destination');
  checkTransferRegion(ctx, destination);
  const source =
    params.source_transaction === undefined ? undefined : findSource(ctx, params.source_transaction);
  const currency = params.currency;
  if (source) checkSourceLimit(ctx, source, params.amount, currency);
  else checkAvailable(ctx, params.amount, currency);
  const { transfer } = moveFunds(ctx, {
    id: ctx.ids.owned('tr', ctx.account),
    balanceTransactionId: ctx.ids.owned('txn', ctx.account),
    amount: params.amount,
    currency,
    destination: destination.id,
    availableOn: source
      ? ctx.tx.must('balance_transaction', source.balance_transaction ?? '').available_on
      : ctx.now,
    sourceTransaction: source?.id ?? null,
    transferGroup: source ? groupOf(ctx, source, params.transfer_group) : (params.transfer_group ?? null),
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
  });
  return view(ctx, 'transfer', transfer);
});

function findSource(ctx: Context, id: string): Charge {
  const charge = ctx.tx.get('charge', id);
  if (!charge || charge.owner !== ctx.account) throw noSuch('charge', id, 'source_transaction');
  if (charge.status !== 'succeeded' || !charge.captured) {
    throw invalid(
      `The charge ${id} cannot be a source_transaction because it has not been captured.`,
      'source_transaction',
    );
  }
  if (charge.sandbox.features.multicapture) {
    throw invalid(
      `The charge ${id} cannot be a source_transaction because its payment supports multicapture.`,
      'source_transaction',
    );
  }
  return settleCharge(ctx, id);
}

/** All transfers out of a charge together stay within what it brought, in the currency it settled in. */
function checkSourceLimit(ctx: Context, source: Charge, amount: number, currency: string): void {
  const settled = ctx.tx.must('balance_transaction', source.balance_transaction ?? '');
  if (settled.currency !== currency) {
    throw invalid(
      `The currency of source_transaction's balance transaction (${settled.currency}) must be the same as the transfer currency (${currency})`,
      'currency',
    );
  }
  const earlier = [...ctx.tx.where('transfer', 'source_transaction', source.id)].filter(
    (one) => one.amount > one.amount_reversed,
  );
  const used = earlier.reduce((sum, one) => sum + one.amount - one.amount_reversed, 0);
  if (used + amount <= settled.amount) return;
  const limit = `Transfers using this transaction as a source must not exceed the source amount of ${formatAmount(settled.amount, currency)}.`;
  const count = earlier.length === 1 ? 'is already a transfer' : `are already ${earlier.length} transfers`;
  const hint =
    earlier.length === 0
      ? ''
      : ` (There ${count} using this source, amounting to ${formatAmount(used, currency)}.)`;
  throw invalid(`${limit}${hint}`, 'amount');
}

function checkAvailable(ctx: Context, amount: number, currency: string): void {
  if (spendable(ctx, currency) >= amount) return;
  throw invalid(
    'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance',
    undefined,
    'balance_insufficient',
  );
}

/** A transfer out of a charge joins its group, and gives it one where it had none. */
function groupOf(ctx: Context, source: Charge, asked: string | undefined): string {
  const group = asked ?? source.transfer_group ?? `group_${source.payment_intent ?? source.id}`;
  if (source.transfer_group === null) {
    ctx.tx.update('charge', source.id, { transfer_group: group });
    if (source.payment_intent)
      ctx.tx.update('payment_intent', source.payment_intent, { transfer_group: group });
  }
  return group;
}

export function findTransfer(ctx: Context, id: string): Transfer {
  const found = ctx.tx.get('transfer', id);
  if (!found || found.owner !== ctx.account) throw noSuch('transfer', id, 'transfer', 404);
  return found;
}

const retrieve = route('GET', '/v1/transfers/:transfer', {}, (ctx, _params, ids) =>
  view(ctx, 'transfer', findTransfer(ctx, ids.transfer)),
);

const update = route(
  'POST',
  '/v1/transfers/:transfer',
  { description: optional(clearable(text)), metadata: optional(metadata) },
  (ctx, params, ids) => {
    const before = findTransfer(ctx, ids.transfer);
    const changed = ctx.tx.update('transfer', before.id, {
      description: params.description === undefined ? before.description : params.description,
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
    emit(ctx, 'transfer.updated', 'transfer', changed, ctx.account);
    return view(ctx, 'transfer', changed);
  },
);

const list = route(
  'GET',
  '/v1/transfers',
  { ...pageShape, created, destination: optional(text), transfer_group: optional(text) },
  (ctx, params) => {
    const rows =
      params.transfer_group === undefined
        ? ownRows(ctx, 'transfer', params)
        : ctx.tx.where('transfer', 'transfer_group', params.transfer_group);
    const kept = filtered(
      rows,
      (row) =>
        row.owner === ctx.account &&
        (params.destination === undefined || row.destination === params.destination) &&
        createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'transfer', kept, params, '/v1/transfers');
  },
);

export const transferRoutes = [create, retrieve, update, list];
