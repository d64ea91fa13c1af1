import type { Context } from '../core/context.ts';
import type { Payout } from '../objects/payouts.ts';
import type { Json } from './json.ts';

export function payoutView(ctx: Context, row: Payout): Json {
  const { owner: _, sandbox, ...payout } = row;
  return {
    object: 'payout',
    ...payout,
    application_fee: null,
    application_fee_amount: null,
    livemode: false,
    payout_method: null,
    reconciliation_status: payout.automatic
      ? payout.status === 'paid'
        ? 'completed'
        : 'in_progress'
      : 'not_applicable',
    trace_id:
      sandbox.trace === undefined
        ? { status: ctx.now < payout.arrival_date ? 'pending' : 'unsupported', value: null }
        : { status: 'supported', value: sandbox.trace },
  };
}
