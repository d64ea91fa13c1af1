import type { Context } from '../core/context.ts';
import type { TableName, Tables } from '../objects/tables.ts';
import { accountView, externalAccountView, personView } from './accounts.ts';
import {
  applicationFeeView,
  balanceTransactionView,
  feeRefundView,
  transferReversalView,
  transferView,
} from './connect.ts';
import { customerView, paymentMethodView, tokenView } from './customers.ts';
import { disputeView, earlyFraudWarningView, fileView, reviewView } from './disputes.ts';
import type { Json } from './json.ts';
import { chargeView, paymentIntentView, refundView } from './payments.ts';
import { payoutView } from './payouts.ts';
import { eventView, webhookEndpointView } from './webhooks.ts';

const VIEWS = {
  account: accountView,
  application_fee: applicationFeeView,
  balance_transaction: balanceTransactionView,
  charge: chargeView,
  customer: customerView,
  dispute: disputeView,
  early_fraud_warning: earlyFraudWarningView,
  event: eventView,
  fee_refund: feeRefundView,
  file: fileView,
  payment_intent: paymentIntentView,
  payment_method: paymentMethodView,
  payout: payoutView,
  person: personView,
  refund: refundView,
  review: reviewView,
  token: tokenView,
  transfer: transferView,
  transfer_reversal: transferReversalView,
  webhook_endpoint: webhookEndpointView,
} satisfies { [T in TableName]?: (ctx: Context, row: Tables[T]) => Json };

export type Viewable = keyof typeof VIEWS;

/** The row as Stripe shows it, references as ids. */
export function view<T extends Viewable>(ctx: Context, table: T, row: Tables[T]): Json {
  return (VIEWS[table] as (ctx: Context, row: Tables[T]) => Json)(ctx, row);
}

const PREFIXES: Record<string, Viewable> = {
  acct: 'account',
  card: 'payment_method',
  ch: 'charge',
  cus: 'customer',
  dp: 'dispute',
  du: 'dispute',
  evt: 'event',
  fee: 'application_fee',
  file: 'file',
  fr: 'fee_refund',
  issfr: 'early_fraud_warning',
  pi: 'payment_intent',
  person: 'person',
  pm: 'payment_method',
  po: 'payout',
  prv: 'review',
  py: 'charge',
  pyr: 'refund',
  re: 'refund',
  tok: 'token',
  tr: 'transfer',
  trr: 'transfer_reversal',
  txn: 'balance_transaction',
};

/** An id's prefix names its table, except for external accounts. Expansion needs no more. */
export function viewById(ctx: Context, id: string): Json | undefined {
  const external = ctx.tx.get('account', ctx.account)?.external_accounts.find((one) => one.id === id);
  if (external) return externalAccountView(ctx.account, external);
  const table = PREFIXES[id.slice(0, id.indexOf('_'))];
  const row = table && ctx.tx.get(table, id);
  return table && row ? view(ctx, table, row) : undefined;
}
