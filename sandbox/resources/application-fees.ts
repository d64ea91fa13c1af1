import type { Context } from '../core/context.ts';
import { formatAmount } from '../core/money.ts';
import { emit } from '../flows/events.ts';
import { refundFee } from '../flows/reversals.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import { atLeast, mergeMetadata, metadata, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { ApplicationFee, FeeRefund } from '../objects/connect.ts';
import { view } from '../views/index.ts';

function findFee(ctx: Context, id: string): ApplicationFee {
  const fee = ctx.tx.get('application_fee', id);
  if (!fee || fee.owner !== ctx.account) throw noSuch('application_fee', id, 'id', 404);
  return fee;
}

const retrieve = route('GET', '/v1/application_fees/:id', {}, (ctx, _params, ids) =>
  view(ctx, 'application_fee', findFee(ctx, ids.id)),
);

const list = route(
  'GET',
  '/v1/application_fees',
  { ...pageShape, created, charge: optional(text) },
  (ctx, params) => {
    const kept = filtered(
      ownRows(ctx, 'application_fee', params),
      (row) =>
        // A fee hangs on the connected payment; callers mostly know the platform's charge.
        (params.charge === undefined ||
          row.charge === params.charge ||
          row.originating_transaction === params.charge) &&
        createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'application_fee', kept, params, '/v1/application_fees');
  },
);

const refund = route(
  'POST',
  '/v1/application_fees/:id/refunds',
  { amount: optional(atLeast(1)), metadata: optional(metadata) },
  (ctx, params, ids) => {
    const fee = findFee(ctx, ids.id);
    const left = fee.amount - fee.amount_refunded;
    if (left === 0) throw invalid(`Application fee ${fee.id} has already been refunded.`);
    const amount = params.amount ?? left;
    if (amount > left) {
      throw invalid(
        `Refund amount (${formatAmount(amount, fee.currency)}) is greater than unrefunded amount on fee (${formatAmount(left, fee.currency)})`,
        'amount',
      );
    }
    return view(ctx, 'fee_refund', refundFee(ctx, fee, amount, mergeMetadata({}, params.metadata)));
  },
);

function findRefund(ctx: Context, feeId: string, id: string): FeeRefund {
  const found = ctx.tx.get('fee_refund', id);
  if (!found || found.fee !== findFee(ctx, feeId).id) throw noSuch('fee_refund', id, 'id', 404);
  return found;
}

const retrieveRefund = route('GET', '/v1/application_fees/:fee/refunds/:id', {}, (ctx, _params, ids) =>
  view(ctx, 'fee_refund', findRefund(ctx, ids.fee, ids.id)),
);

const updateRefund = route(
  'POST',
  '/v1/application_fees/:fee/refunds/:id',
  { metadata: optional(metadata) },
  (ctx, params, ids) => {
    const before = findRefund(ctx, ids.fee, ids.id);
    const metadata = mergeMetadata(before.metadata, params.metadata);
    const changed = ctx.tx.update('fee_refund', before.id, { metadata });
    emit(ctx, 'application_fee.refund.updated', 'fee_refund', changed, ctx.account);
    return view(ctx, 'fee_refund', changed);
  },
);

const listRefunds = route('GET', '/v1/application_fees/:id/refunds', pageShape, (ctx, params, ids) => {
  const { id } = findFee(ctx, ids.id);
  return listPage(
    ctx,
    'fee_refund',
    ctx.tx.where('fee_refund', 'fee', id),
    params,
    `/v1/application_fees/${id}/refunds`,
  );
});

export const applicationFeeRoutes = [refund, listRefunds, retrieveRefund, updateRefund, retrieve, list];
