import type { Context } from '../core/context.ts';
import { exchangeLines } from '../core/ledger.ts';
import { convert, exchangeRate } from '../core/money.ts';
import type { ApplicationFee, Transfer } from '../objects/connect.ts';
import type { LedgerLine } from '../objects/ledger.ts';
import type { Metadata } from '../objects/metadata.ts';
import type { Charge } from '../objects/payments.ts';
import { applicationId } from '../views/payments.ts';
import { balanceTransaction, post } from './balance.ts';
import { NO_FEATURES } from './capture-features.ts';
import { emit } from './events.ts';

export interface TransferRequest {
  id: string;
  balanceTransactionId: string;
  amount: number;
  currency: string;
  destination: string;
  availableOn: number;
  sourceTransaction: string | null;
  transferGroup: string | null;
  description?: string | null;
  metadata?: Metadata;
  /** In the currency of the charge that pays it. */
  applicationFee?: { amount: number; currency: string };
}

/** Platform balance → connected balance; an application fee comes straight back. */
export function transfer(
  ctx: Context,
  request: TransferRequest,
): { transfer: Transfer; fee: ApplicationFee | null } {
  const { tx, ids } = ctx;
  const platform = ctx.account;
  const { amount, currency, destination } = request;
  const held = tx.must('account', destination).default_currency;
  const received = convert(amount, currency, held);
  const paymentId = ids.owned('py', destination);
  const out = balanceTransaction(ctx, {
    id: request.balanceTransactionId,
    owner: platform,
    amount: -amount,
    available_on: request.availableOn,
    currency,
    description: request.description ?? null,
    reporting_category: 'transfer',
    source: request.id,
    type: 'transfer',
  });
  const feeParts = request.applicationFee && feeAmounts(request.applicationFee, held, currency);
  const into = balanceTransaction(ctx, {
    id: ids.owned('txn', destination),
    owner: destination,
    amount: received,
    available_on: request.availableOn,
    currency: held,
    exchange_rate: exchangeRate(currency, held),
    fee_details: feeParts
      ? [
          {
            amount: feeParts.connectedAmount,
            application: applicationId,
            currency: held,
            description: 'WAYBILL PLATFORM application fee',
            type: 'application_fee',
          },
        ]
      : [],
    reporting_category: 'charge',
    source: paymentId,
    type: 'payment',
  });
  const row = tx.put('transfer', {
    id: request.id,
    owner: platform,
    amount,
    amount_reversed: 0,
    balance_transaction: out.row.id,
    created: ctx.now,
    currency,
    description: request.description ?? null,
    destination,
    destination_payment: paymentId,
    metadata: request.metadata ?? {},
    reversed: false,
    source_transaction: request.sourceTransaction,
    source_type: 'card',
    transfer_group: request.transferGroup,
  });
  const collected = feeParts
    ? collectFee(ctx, {
        ...feeParts,
        payment: paymentId,
        availableOn: request.availableOn,
        account: destination,
        originating: request.sourceTransaction,
      })
    : null;
  const payment = tx.put('charge', {
    ...connectedPayment(ctx, row, paymentId),
    application_fee: collected?.fee.id ?? null,
    application_fee_amount: feeParts?.paymentAmount ?? null,
    balance_transaction: into.row.id,
  });
  post(ctx, 'transfer', row.id, [
    out.line,
    into.line,
    ...exchangeLines(amount, currency, received, held),
    ...(collected?.lines ?? []),
  ]);
  emit(ctx, 'transfer.created', 'transfer', row, platform);
  emit(ctx, 'payment.created', 'charge', payment, destination);
  if (collected) emit(ctx, 'application_fee.created', 'application_fee', collected.fee, platform);
  return { transfer: row, fee: collected?.fee ?? null };
}

interface FeeAmounts {
  amount: number;
  currency: string;
  /** As the connected account pays it, and as its payment shows it. */
  connectedAmount: number;
  connectedCurrency: string;
  paymentAmount: number;
}

export function feeAmounts(
  { amount, currency }: { amount: number; currency: string },
  connectedCurrency: string,
  paymentCurrency: string,
): FeeAmounts {
  return {
    amount,
    currency,
    connectedAmount: convert(amount, currency, connectedCurrency),
    connectedCurrency,
    paymentAmount: convert(amount, currency, paymentCurrency),
  };
}

/** The platform's side of an application fee; the connected side is a fee on the payment's balance transaction. */
export function collectFee(
  ctx: Context,
  parts: FeeAmounts & { payment: string; account: string; availableOn: number; originating: string | null },
): { fee: ApplicationFee; lines: LedgerLine[] } {
  const { platform } = ctx.settings;
  const home = ctx.tx.must('account', platform).default_currency;
  const earned = convert(parts.amount, parts.currency, home);
  const id = ctx.ids.owned('fee', parts.account);
  const { row, line } = balanceTransaction(ctx, {
    id: ctx.ids.owned('txn', platform),
    owner: platform,
    amount: earned,
    available_on: parts.availableOn,
    currency: home,
    exchange_rate: exchangeRate(parts.connectedCurrency, home),
    reporting_category: 'platform_earning',
    source: id,
    type: 'application_fee',
  });
  const fee = ctx.tx.put('application_fee', {
    id,
    owner: platform,
    account: parts.account,
    amount: parts.amount,
    amount_refunded: 0,
    balance_transaction: row.id,
    charge: parts.payment,
    created: ctx.now,
    currency: parts.currency,
    originating_transaction: parts.originating,
    refunded: false,
    sandbox: {
      connectedAmount: parts.connectedAmount,
      connectedCurrency: parts.connectedCurrency,
      connectedRefunded: 0,
    },
  });
  return {
    fee,
    lines: [line, ...exchangeLines(parts.connectedAmount, parts.connectedCurrency, earned, home)],
  };
}

/** What the connected account sees of a transfer: a payment whose payer is the platform. */
function connectedPayment(
  ctx: Context,
  { id, amount, currency, destination }: Transfer,
  paymentId: string,
): Charge {
  return {
    id: paymentId,
    owner: destination,
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    captured: true,
    created: ctx.now,
    currency,
    customer: null,
    description: null,
    destination: null,
    disputed: false,
    failure_code: null,
    failure_message: null,
    metadata: {},
    on_behalf_of: null,
    outcome: null,
    paid: true,
    payment_intent: null,
    payment_method: null,
    receipt_email: null,
    refunded: false,
    shipping: null,
    source_transfer: id,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'succeeded',
    transfer: null,
    transfer_data: null,
    transfer_group: null,
    sandbox: {
      base: '',
      captureBefore: null,
      features: NO_FEATURES,
      released: false,
      releasedAsRefund: 0,
      version: ctx.version,
      card: null,
      bank: null,
    },
  };
}
