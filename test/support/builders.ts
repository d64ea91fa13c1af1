import type { AccountFacts, Requirements } from '../../domain/accounts/account.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { Adjustment } from '../../domain/orders/adjustment.ts';
import type { Dispute } from '../../domain/orders/dispute.ts';
import type { Order, OrderTerms, Refund, SpecialCaseTransfer } from '../../domain/orders/order.ts';
import { newOrder } from '../../domain/orders/order.ts';
import type { PaymentFacts, PaymentIntentStatus, Settlement } from '../../domain/orders/payment.ts';
import { transition } from '../../domain/orders/transition.ts';
import type { PayoutFacts, PayoutTerms } from '../../domain/payouts/payout.ts';

/** 2026-01-05T00:00:00Z: the moment at which every built thing was made. */
export const NOW = Date.UTC(2026, 0, 5);
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** An order of 10.00 USD with 1.23 for the platform: the seeds' own example. */
export function terms(changes: Partial<OrderTerms> = {}): OrderTerms {
  return {
    id: 'order-1',
    amount: 1000,
    currency: 'usd',
    source: { customer: null, method: { type: 'payment_method', id: 'pm_card_visa' } },
    connectedAccount: 'acct_seller',
    applicationFeeAmount: 123,
    transferAmount: null,
    onBehalfOf: false,
    captureMethod: 'manual',
    onCaptureExpiry: 'cancel',
    onDisputeLost: 'bear',
    requestMulticapture: false,
    requestIncrementalAuthorization: false,
    offSession: false,
    returnUrl: null,
    statementDescriptorSuffix: null,
    description: null,
    metadata: {},
    settlementMerchant: null,
    ...changes,
  };
}

export const NOTHING_DUE: Requirements = {
  currentlyDue: [],
  eventuallyDue: [],
  pastDue: [],
  pendingVerification: [],
  disabledReason: null,
  currentDeadline: null,
};

/** What Stripe tells of a US account that may do everything. */
export function accountFacts(changes: Partial<AccountFacts> = {}): AccountFacts {
  return {
    id: 'acct_seller',
    type: 'custom',
    country: 'US',
    currency: 'usd',
    chargesEnabled: true,
    payoutsEnabled: true,
    detailsSubmitted: true,
    serviceAgreement: 'full',
    controller: null,
    capabilities: { card_payments: 'active', transfers: 'active' },
    requirements: NOTHING_DUE,
    payoutSchedule: { interval: 'daily', delayDays: 2, weeklyAnchor: null, monthlyAnchor: null },
    statementDescriptor: null,
    statementDescriptorPrefix: null,
    metadata: {},
    createdAt: NOW,
    ...changes,
  };
}

export function envelope(commandId: string, changes: Partial<CommandEnvelope> = {}): CommandEnvelope {
  return {
    commandId,
    requestHash: `hash of ${commandId}`,
    requestId: `request of ${commandId}`,
    actor: 'test',
    ...changes,
  };
}

/** What Stripe's balance transactions say of 10.00 with an application fee of 1.23. */
export const SETTLEMENT: Settlement = {
  currency: 'usd',
  stripeFee: 59,
  platform: { usd: 64 },
  connected: { usd: 877 },
};

/** What Stripe tells of the payment of {@link terms} in that status. */
export function facts(status: PaymentIntentStatus, changes: Partial<PaymentFacts> = {}): PaymentFacts {
  const captured = status === 'succeeded';
  const authorized = status === 'requires_capture';
  return {
    paymentIntent: 'pi_1',
    status,
    livemode: false,
    amount: 1000,
    amountCapturable: authorized ? 1000 : 0,
    amountReceived: captured ? 1000 : 0,
    latestCharge: captured || authorized ? 'ch_1' : null,
    chargeFailure: null,
    authorizedAt: authorized ? NOW : null,
    captureBefore: authorized ? NOW + WEEK_MS : null,
    cancellationReason: null,
    nextAction: null,
    transfer: captured ? 'tr_1' : null,
    applicationFee: captured ? 'fee_1' : null,
    settlement: captured ? SETTLEMENT : null,
    multicapture: false,
    incrementable: false,
    disputed: false,
    ...changes,
  };
}

/** An order whose payment Stripe shows in that status; `pending`: Stripe was not asked yet. */
export function orderIn(
  status: PaymentIntentStatus | 'pending',
  changes: Partial<PaymentFacts> = {},
  termsChanges: Partial<OrderTerms> = {},
): Order {
  const order = newOrder(terms(termsChanges), NOW, false);
  return status === 'pending'
    ? order
    : transition(order, { type: 'payment_observed', payment: facts(status, changes) });
}

export function refund(changes: Partial<Refund> = {}): Refund {
  return {
    id: 're_1',
    operationId: 'refund-1',
    amount: 500,
    status: 'succeeded',
    reason: null,
    createdAt: NOW,
    reversal: null,
    applicationFeeRefunded: 0,
    feeRefunds: [],
    platform: { usd: -500 },
    connected: {},
    ...changes,
  };
}

export function transfer(changes: Partial<SpecialCaseTransfer> = {}): SpecialCaseTransfer {
  return {
    id: 'tr_special',
    operationId: 'transfer-1',
    amount: 100,
    currency: 'usd',
    destination: 'acct_seller',
    description: null,
    createdAt: NOW,
    platform: { usd: -100 },
    connected: { usd: 100 },
    ...changes,
  };
}

/** A chargeback of all of it, just opened: amount and fee are gone from the platform's balance. */
/** A transfer of the order that somebody reversed in part. */
export function adjustment(changes: Partial<Adjustment> = {}): Adjustment {
  return {
    id: 'trr_1',
    type: 'transfer_reversal',
    transfer: 'tr_special',
    operationId: null,
    amount: 50,
    currency: 'usd',
    createdAt: NOW,
    platform: { usd: 50 },
    connected: { usd: -50 },
    ...changes,
  };
}

/** What somebody gave back of the application fee. */
export function feeRefund(changes: Partial<Adjustment> = {}): Adjustment {
  return adjustment({
    id: 'fr_1',
    type: 'application_fee_refund',
    transfer: null,
    platform: { usd: -50 },
    connected: { usd: 50 },
    ...changes,
  });
}

export function dispute(changes: Partial<Dispute> = {}): Dispute {
  return {
    id: 'dp_1',
    status: 'needs_response',
    amount: 1000,
    currency: 'usd',
    reason: 'fraudulent',
    createdAt: NOW,
    evidenceDueBy: NOW + WEEK_MS,
    hasEvidence: false,
    submissionCount: 0,
    isChargeRefundable: false,
    movements: 1,
    withdrawn: { usd: 1000 },
    fee: { usd: 1500 },
    platform: { usd: -2500 },
    ...changes,
  };
}

/** The same, decided for the platform: everything is back. */
export function wonDispute(changes: Partial<Dispute> = {}): Dispute {
  const back = { movements: 2, withdrawn: {}, fee: {}, platform: {}, isChargeRefundable: true };
  return dispute({ status: 'won', submissionCount: 1, ...back, ...changes });
}

/** What a bank asks before it takes anything. */
export function inquiry(changes: Partial<Dispute> = {}): Dispute {
  const nothing = { movements: 0, withdrawn: {}, fee: {}, platform: {}, isChargeRefundable: true };
  return dispute({ status: 'warning_needs_response', ...nothing, ...changes });
}

export function attention(changes: Partial<Attention> = {}): Attention {
  return {
    operation: 'capture',
    operationId: 'capture-1',
    code: 'api_error',
    message: 'Stripe is down',
    stripeRequestId: 'req_1',
    since: NOW,
    generation: 0,
    allowedActions: ['retry', 'retry_with_new_key', 'mark_done', 'abandon'],
    ...changes,
  };
}

/** The order, waiting for an operator. */
export function stuck(order: Order, changes: Partial<Attention> = {}): Order {
  return transition(order, { type: 'attention_raised', attention: attention(changes) });
}

/** A payout of 6.00 USD. */
export function payoutTerms(changes: Partial<PayoutTerms> = {}): PayoutTerms {
  return {
    id: 'wpo_1',
    connectedAccount: 'acct_seller',
    amount: 600,
    currency: 'usd',
    method: 'standard',
    destination: null,
    whenAvailable: false,
    statementDescriptor: null,
    description: null,
    metadata: {},
    ...changes,
  };
}

export function payoutFacts(changes: Partial<PayoutFacts> = {}): PayoutFacts {
  return {
    id: 'po_1',
    status: 'pending',
    destination: 'ba_1',
    arrivalDate: NOW + 2 * 24 * 60 * 60 * 1000,
    failureCode: null,
    failureMessage: null,
    ...changes,
  };
}
