import type { Context } from '../core/context.ts';
import { formatAmount, proportion } from '../core/money.ts';
import { refundFee, reverseTransfer } from '../flows/reversals.ts';
import { checkReversible } from '../flows/reversibility.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { listPage, pageShape } from '../http/pagination.ts';
import { atLeast, boolean, mergeMetadata, metadata, optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Transfer, TransferReversal } from '../objects/connect.ts';
import { view } from '../views/index.ts';
import { findTransfer } from './transfers.ts';

const reverse = route(
  'POST',
  '/v1/transfers/:transfer/reversals',
  {
    amount: optional(atLeast(1)),
    description: optional(text),
    metadata: optional(metadata),
    refund_application_fee: optional(boolean),
  },
  (ctx, params, ids) => {
    const transfer = findTransfer(ctx, ids.transfer);
    const left = transfer.amount - transfer.amount_reversed;
    if (left === 0) throw invalid(`Transfer ${transfer.id} is already fully reversed.`);
    const amount = params.amount ?? left;
    if (amount > left) {
      throw invalid(
        `Transfer reversal amount (${formatAmount(amount, transfer.currency)}) is greater than unreversed amount on transfer (${formatAmount(left, transfer.currency)})`,
        'amount',
      );
    }
    checkReversible(ctx, transfer, amount);
    const reversal = reverseTransfer(ctx, transfer, amount, { metadata: mergeMetadata({}, params.metadata) });
    if (params.refund_application_fee) refundFeeShare(ctx, transfer, amount);
    return view(ctx, 'transfer_reversal', reversal);
  },
);

function refundFeeShare(ctx: Context, transfer: Transfer, amount: number): void {
  const { application_fee } = ctx.tx.must('charge', transfer.destination_payment);
  if (application_fee === null) return;
  const fee = ctx.tx.must('application_fee', application_fee);
  const share = Math.min(fee.amount - fee.amount_refunded, proportion(fee.amount, amount, transfer.amount));
  if (share > 0) refundFee(ctx, fee, share);
}

function findReversal(ctx: Context, transfer: string, id: string): TransferReversal {
  const found = ctx.tx.get('transfer_reversal', id);
  if (!found || found.transfer !== findTransfer(ctx, transfer).id)
    throw noSuch('transfer_reversal', id, 'id', 404);
  return found;
}

const retrieveReversal = route('GET', '/v1/transfers/:transfer/reversals/:id', {}, (ctx, _params, ids) =>
  view(ctx, 'transfer_reversal', findReversal(ctx, ids.transfer, ids.id)),
);

const updateReversal = route(
  'POST',
  '/v1/transfers/:transfer/reversals/:id',
  { metadata: optional(metadata) },
  (ctx, params, ids) => {
    const before = findReversal(ctx, ids.transfer, ids.id);
    return view(
      ctx,
      'transfer_reversal',
      ctx.tx.update('transfer_reversal', before.id, {
        metadata: mergeMetadata(before.metadata, params.metadata),
      }),
    );
  },
);

const listReversals = route('GET', '/v1/transfers/:transfer/reversals', pageShape, (ctx, params, ids) => {
  const { id } = findTransfer(ctx, ids.transfer);
  const rows = ctx.tx.where('transfer_reversal', 'transfer', id);
  return listPage(ctx, 'transfer_reversal', rows, params, `/v1/transfers/${id}/reversals`);
});

export const transferReversalRoutes = [reverse, listReversals, retrieveReversal, updateReversal];
