import { midnightAfter } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { stripeFee } from '../core/fees.ts';
import { exchangeLines } from '../core/ledger.ts';
import { convert, exchangeRate } from '../core/money.ts';
import type { BalanceTransaction } from '../objects/connect.ts';
import type { Charge } from '../objects/payments.ts';
import { applicationId } from '../views/payments.ts';
import { balanceTransaction, post, stripeFeeDetail } from './balance.ts';
import { planDispute } from './disputes.ts';
import { emit } from './events.ts';
import { collectFee, feeAmounts, transfer } from './transfers.ts';

/** The settlement merchant's delay; a destination that waits longer makes the charge wait with it. */
function availableOn(ctx: Context, charge: Charge): number {
  if (charge.sandbox.card?.behaviour === 'bypass_pending') return ctx.now;
  const delay = (id: string): number => ctx.tx.must('account', id).settings.schedule.delay_days;
  const days = charge.on_behalf_of
    ? delay(charge.on_behalf_of)
    : Math.max(delay(charge.owner), charge.destination ? delay(charge.destination) : 0);
  return midnightAfter(ctx.now, days);
}

/** A charge that was captured at once becomes money. With automatic_async this runs a little after the payment succeeded. */
export function settleCharge(ctx: Context, chargeId: string): Charge {
  const charge = ctx.tx.must('charge', chargeId);
  return charge.balance_transaction === null ? settleCapture(ctx, charge, charge.amount_captured) : charge;
}

/**
 * A capture becomes money: the balance transaction with Stripe's fee, then the destination's transfer and the
 * application fee. Each of several captures does so separately, and the charge names the last one's.
 */
export function settleCapture(ctx: Context, charge: Charge, captured: number): Charge {
  // The charge's own account moves the money, whoever's request or timer brought us here.
  const acting: Context = { ...ctx, account: charge.owner };
  const available = availableOn(acting, charge);
  const settled = receiveFunds(acting, charge, captured, available);
  const base = ctx.tx.update('charge', charge.id, {
    balance_transaction: settled.row.id,
    application_fee: settled.fee,
  });
  planDispute(acting, base);
  if (!base.transfer_data) return base;

  const { destination, amount } = base.transfer_data;
  const part = Math.min(amount ?? captured, captured);
  const moved = transfer(acting, {
    id: ctx.ids.ofPayment('tr', base.sandbox.base),
    balanceTransactionId: ctx.ids.ofPayment('txn', base.sandbox.base),
    amount: part === captured ? settled.row.amount : convert(part, base.currency, settled.row.currency),
    currency: settled.row.currency,
    destination,
    availableOn: available,
    sourceTransaction: base.id,
    transferGroup: base.transfer_group,
    // A fee of 0 is taken and collects nothing.
    ...(!base.application_fee_amount
      ? {}
      : {
          applicationFee: {
            amount: Math.min(base.application_fee_amount, captured),
            currency: base.currency,
          },
        }),
  });
  return ctx.tx.update('charge', base.id, {
    transfer: moved.transfer.id,
    application_fee: moved.fee?.id ?? null,
  });
}

/** Card network → balance of the account that charged, less Stripe's fee and, on a direct charge, the platform's. */
function receiveFunds(
  ctx: Context,
  charge: Charge,
  captured: number,
  available: number,
): { row: BalanceTransaction; fee: string | null } {
  const merchant = ctx.tx.must('account', charge.on_behalf_of ?? charge.owner);
  const home = merchant.default_currency;
  const gross = convert(captured, charge.currency, home);
  const cost = stripeFee(gross, home);
  const direct = charge.owner !== ctx.settings.platform && !!charge.application_fee_amount;
  const parts = direct
    ? feeAmounts(
        {
          amount: Math.min(charge.application_fee_amount ?? 0, captured),
          currency: charge.currency,
        },
        home,
        charge.currency,
      )
    : null;
  const { row, line } = balanceTransaction(ctx, {
    id: ctx.ids.ofPayment('txn', charge.sandbox.base),
    owner: charge.owner,
    amount: gross,
    available_on: available,
    currency: home,
    description: charge.description,
    exchange_rate: exchangeRate(charge.currency, home),
    fee_details: [
      stripeFeeDetail(cost, home),
      ...(parts
        ? [
            {
              amount: parts.connectedAmount,
              application: applicationId,
              currency: home,
              description: 'WAYBILL PLATFORM application fee',
              type: 'application_fee' as const,
            },
          ]
        : []),
    ],
    reporting_category: 'charge',
    source: charge.id,
    type: 'charge',
  });
  const collected = parts
    ? collectFee(ctx, {
        ...parts,
        payment: charge.id,
        account: charge.owner,
        availableOn: available,
        originating: null,
      })
    : null;
  post(ctx, 'charge', charge.id, [
    { account: 'card_network', currency: charge.currency, amount: -captured },
    ...exchangeLines(captured, charge.currency, gross, home),
    line,
    { account: 'stripe:fees', currency: home, amount: cost },
    ...(collected?.lines ?? []),
  ]);
  if (collected)
    emit(ctx, 'application_fee.created', 'application_fee', collected.fee, ctx.settings.platform);
  return { row, fee: collected?.fee.id ?? null };
}

/** Runs when the time of an automatic_async charge has come. */
export function settleChargeLater(ctx: Context, chargeId: string): void {
  const before = ctx.tx.must('charge', chargeId);
  if (before.balance_transaction !== null) return;
  const charge = settleCharge(ctx, chargeId);
  emit(ctx, 'charge.updated', 'charge', charge, charge.owner);
}
