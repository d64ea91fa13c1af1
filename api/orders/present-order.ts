import { presentPending } from '../../domain/commands/present-pending.ts';
import { presentBalances } from '../../domain/money/present-balances.ts';
import type { Adjustment } from '../../domain/orders/adjustment.ts';
import { fundsOf } from '../../domain/orders/funds.ts';
import type { SettlementMerchant } from '../../domain/orders/merchant.ts';
import { needOfOrder, nextAttemptAtOfOrder } from '../../domain/orders/needs.ts';
import type {
  Decline,
  Order,
  Refund,
  RefundNextAction,
  SpecialCaseTransfer,
} from '../../domain/orders/order.ts';
import {
  amountCaptured,
  amountRefunded,
  captureDeadline,
  orderAmount,
  orderStatus,
  paymentIntentOf,
} from '../../domain/orders/order.ts';
import { isComplete, outstandingOf } from '../../domain/orders/outstanding.ts';
import type { PaymentState } from '../../domain/orders/payment.ts';
import { presentDispute, presentDisputes } from '../../domain/orders/present-dispute.ts';
import { presentFunds } from '../../domain/orders/present-funds.ts';
import { presentApproval, presentNeed, presentNotice } from '../../domain/orders/present-need.ts';
import {
  reversalsOfTransfer,
  reversedStatus,
  reversibleTransfer,
} from '../../domain/orders/transfer-reversals.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import type { Attempt } from '../backend/attempt.ts';
import type { CustomerSecrets } from './client-secret.ts';
import { NO_SECRETS } from './client-secret.ts';
import type { OrderResource } from './order-schema.ts';

/** The order as callers see it. `secrets`: for those who may take its customer on. */
export function presentOrder(
  order: Order,
  secrets: CustomerSecrets = NO_SECRETS,
  attempt: Attempt | null = null,
): OrderResource {
  const { terms } = order;
  const outstanding = outstandingOf(order);
  const deadline = captureDeadline(order);
  return {
    id: terms.id,
    object: 'order',
    status: orderStatus(order),
    amount: orderAmount(order),
    currency: terms.currency,
    ...presentPayment(order.payment, secrets),
    amount_captured: amountCaptured(order),
    capture_before: deadline === null ? null : rfc3339(deadline),
    amount_refunded: amountRefunded(order),
    customer: terms.source.customer,
    connected_account: terms.connectedAccount,
    on_behalf_of: terms.onBehalfOf,
    settlement: presentSettlement(terms.settlementMerchant),
    application_fee_amount: terms.applicationFeeAmount,
    transfer_amount: terms.transferAmount,
    capture_method: terms.captureMethod,
    on_capture_expiry: terms.onCaptureExpiry,
    on_dispute_lost: terms.onDisputeLost,
    reauthorizations: order.captureWindow.cycle,
    payment_intent: paymentIntentOf(order),
    refunds: order.refunds.map((refund) => presentRefund(refund, terms.currency)),
    transfers: order.transfers.map((transfer) => presentTransfer(transfer, order)),
    adjustments: order.adjustments.map(presentAdjustment),
    dispute: presentDispute(order),
    disputes: presentDisputes(order),
    funds: presentFunds(fundsOf(order)),
    outstanding: [...outstanding],
    complete: isComplete(order),
    pending: presentPending(order.pending, attempt),
    needs_attention: presentNeed(needOfOrder(order), nextAttemptAtOfOrder(order)),
    notices: order.notices.map(presentNotice),
    approvals: order.approvals.map(presentApproval),
    last_decline: order.lastDecline && presentDecline(order.lastDecline),
    statement_descriptor_suffix: terms.statementDescriptorSuffix,
    description: terms.description,
    metadata: { ...terms.metadata },
    created: rfc3339(order.createdAt),
    livemode: order.livemode,
  };
}

function presentSettlement(merchant: SettlementMerchant | null): OrderResource['settlement'] {
  return (
    merchant && {
      merchant: merchant.merchant,
      country: merchant.country,
      currency: merchant.currency,
      statement_descriptor: merchant.statementDescriptor,
      delay_days: merchant.delayDays,
    }
  );
}

/** The fields that only some states of the payment have. */
function presentPayment(payment: PaymentState, secrets: CustomerSecrets) {
  const authorized = payment.status === 'authorized' ? payment : null;
  const captured = payment.status === 'captured' ? payment : null;
  const charged = authorized ?? captured;
  const nextAction = payment.status === 'requires_action' ? payment.nextAction : null;
  return {
    amount_capturable: authorized?.amountCapturable ?? 0,
    latest_charge: charged?.latestCharge ?? null,
    transfer: captured?.transfer ?? null,
    application_fee: captured?.applicationFee ?? null,
    next_action: nextAction && {
      type: nextAction.type,
      redirect_url: secrets.redirectUrl,
      client_secret: secrets.clientSecret,
    },
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
    next_action: presentNextAction(refund.nextAction),
    reason: refund.reason,
    failure_reason: refund.failureReason ?? null,
    reference: refund.reference?.value ?? null,
    reference_status: refund.reference?.status ?? null,
    reference_type: refund.reference?.type ?? null,
    transfer_reversal: refund.reversal && { ...refund.reversal },
    application_fee_refunded: refund.applicationFeeRefunded,
    platform: refund.platform && presentBalances(refund.platform),
    connected: refund.connected && presentBalances(refund.connected),
    created: rfc3339(refund.createdAt),
  };
}

function presentNextAction(
  next: RefundNextAction | undefined,
): OrderResource['refunds'][number]['next_action'] {
  if (!next) return null;
  const at = (ms: number | null) => (ms === null ? null : rfc3339(ms));
  return { type: next.type, email_sent_at: at(next.emailSentAt), expires_at: at(next.expiresAt) };
}

function presentTransfer(transfer: SpecialCaseTransfer, order: Order): OrderResource['transfers'][number] {
  const reversible = reversibleTransfer(transfer, order);
  return {
    id: transfer.id,
    object: 'transfer',
    status: reversedStatus(reversible),
    amount: transfer.amount,
    amount_reversed: reversible.amountReversed,
    currency: transfer.currency,
    destination: transfer.destination,
    description: transfer.description,
    platform: transfer.platform && presentBalances(transfer.platform),
    reversals: reversalsOfTransfer(order, transfer.id).toReversed().map(presentReversal),
    created: rfc3339(transfer.createdAt),
  };
}

function presentReversal({ id, amount, currency, createdAt }: Adjustment) {
  return { id, object: 'transfer_reversal' as const, amount, currency, created: rfc3339(createdAt) };
}

function presentAdjustment(adjustment: Adjustment): OrderResource['adjustments'][number] {
  const { id, type, transfer, amount, currency, platform, connected, createdAt } = adjustment;
  return {
    id,
    object: type,
    transfer,
    amount,
    currency,
    platform: platform && presentBalances(platform),
    connected: presentBalances(connected),
    created: rfc3339(createdAt),
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
