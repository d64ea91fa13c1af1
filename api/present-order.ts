import { fundsOf } from '../domain/funds.ts';
import type { Decline, Order, Refund, SpecialCaseTransfer } from '../domain/order.ts';
import { amountRefunded, orderStatus, paymentIntentOf } from '../domain/order.ts';
import type { PaymentState } from '../domain/payment.ts';
import { presentAttention } from './present-attention.ts';
import { rfc3339 } from './rfc3339.ts';
import type { OrderResource } from './schemas/order.ts';

/** The order as callers see it. */
export function presentOrder(order: Order): OrderResource {
  const { terms } = order;
  const funds = fundsOf(order);
  return {
    id: terms.id,
    object: 'order',
    status: orderStatus(order),
    amount: terms.amount,
    currency: terms.currency,
    ...presentPayment(order.payment),
    amount_refunded: amountRefunded(order),
    customer: terms.source.customer,
    connected_account: terms.connectedAccount,
    on_behalf_of: terms.onBehalfOf,
    application_fee_amount: terms.applicationFeeAmount,
    transfer_amount: terms.transferAmount,
    capture_method: terms.captureMethod,
    on_capture_expiry: terms.onCaptureExpiry,
    payment_intent: paymentIntentOf(order),
    refunds: order.refunds.map((refund) => presentRefund(refund, terms.currency)),
    transfers: order.transfers.map(presentTransfer),
    dispute: null,
    funds: {
      gross: funds.gross,
      stripe_fee: funds.stripeFee,
      platform_net: funds.platformNet,
      connected_net: funds.connectedNet,
    },
    settlement_currency: funds.settlementCurrency,
    outstanding: outstanding(order),
    needs_attention: order.attention && presentAttention(order.attention),
    last_decline: order.lastDecline && presentDecline(order.lastDecline),
    statement_descriptor_suffix: terms.statementDescriptorSuffix,
    description: terms.description,
    metadata: { ...terms.metadata },
    created: rfc3339(order.createdAt),
    livemode: order.livemode,
  };
}

/** The fields that only some states of the payment have. */
function presentPayment(payment: PaymentState) {
  const authorized = payment.status === 'authorized' ? payment : null;
  const captured = payment.status === 'captured' ? payment : null;
  const charged = authorized ?? captured;
  const nextAction = payment.status === 'requires_action' ? payment.nextAction : null;
  return {
    amount_capturable: authorized?.amountCapturable ?? 0,
    amount_captured: captured?.amountCaptured ?? 0,
    capture_before: charged?.captureBefore == null ? null : rfc3339(charged.captureBefore),
    latest_charge: charged?.latestCharge ?? null,
    transfer: captured?.transfer ?? null,
    application_fee: captured?.applicationFee ?? null,
    next_action: nextAction && { type: nextAction.type, redirect_url: nextAction.redirectUrl },
    cancellation_reason: payment.status === 'canceled' ? payment.reason : null,
  };
}

function presentRefund(refund: Refund, currency: string): OrderResource['refunds'][number] {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    currency,
    status: refund.status,
    reason: refund.reason,
    transfer_reversal: refund.reversal && { ...refund.reversal },
    application_fee_refunded: refund.applicationFeeRefunded,
    platform_net: refund.platformNet,
    connected_net: refund.connectedNet,
    created: rfc3339(refund.createdAt),
  };
}

function presentTransfer(transfer: SpecialCaseTransfer): OrderResource['transfers'][number] {
  return {
    id: transfer.id,
    object: 'transfer',
    amount: transfer.amount,
    currency: transfer.currency,
    destination: transfer.destination,
    description: transfer.description,
    platform_net: transfer.platformNet,
    created: rfc3339(transfer.createdAt),
  };
}

function presentDecline(decline: Decline): OrderResource['last_decline'] {
  return {
    code: decline.code,
    decline_code: decline.declineCode,
    message: decline.message,
    param: decline.param,
    at: rfc3339(decline.at),
  };
}

/** What Stripe has not told yet, so that callers know why a part of `funds` is null. */
function outstanding({ payment, refunds, transfers }: Order): string[] {
  return [
    ...(payment.status === 'captured' && payment.settlement === null ? ['settlement'] : []),
    ...[...refunds, ...transfers].filter(({ platformNet }) => platformNet === null).map(({ id }) => id),
  ];
}
