import type { Context } from '../core/context.ts';
import type {
  ApplicationFee,
  BalanceTransaction,
  FeeRefund,
  Transfer,
  TransferReversal,
} from '../objects/connect.ts';
import type { Json } from './json.ts';
import { sublist } from './json.ts';
import { applicationId } from './payments.ts';

export function transferView(ctx: Context, row: Transfer): Json {
  const { owner: _, ...transfer } = row;
  const reversals = [...ctx.tx.where('transfer_reversal', 'transfer', transfer.id)];
  return {
    object: 'transfer',
    ...transfer,
    livemode: false,
    reversals: sublist(
      reversals.map((reversal) => transferReversalView(ctx, reversal)),
      `/v1/transfers/${transfer.id}/reversals`,
    ),
  };
}

export function transferReversalView(_ctx: Context, row: TransferReversal): Json {
  const { owner: _, ...reversal } = row;
  return { object: 'transfer_reversal', ...reversal };
}

export function applicationFeeView(ctx: Context, row: ApplicationFee): Json {
  const { owner: _, sandbox: __, ...fee } = row;
  const refunds = [...ctx.tx.where('fee_refund', 'fee', fee.id)];
  return {
    object: 'application_fee',
    ...fee,
    application: applicationId,
    fee_source: { charge: fee.charge, type: 'charge' },
    livemode: false,
    refunds: sublist(
      refunds.map((refund) => feeRefundView(ctx, refund)),
      `/v1/application_fees/${fee.id}/refunds`,
    ),
  };
}

export function feeRefundView(_ctx: Context, row: FeeRefund): Json {
  const { owner: _, ...refund } = row;
  return { object: 'fee_refund', ...refund };
}

export function balanceTransactionView(ctx: Context, row: BalanceTransaction): Json {
  const { owner: _, payout: __, ...transaction } = row;
  return {
    object: 'balance_transaction',
    ...transaction,
    balance_type: transaction.balance_type ?? 'payments',
    status: transaction.available_on <= ctx.now ? 'available' : 'pending',
  };
}
