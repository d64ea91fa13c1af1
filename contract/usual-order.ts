import { UNTOUCHED_WINDOW } from '../domain/orders/capture-window-state.ts';
import type { Order, OrderTerms } from '../domain/orders/order.ts';
import type { PaymentFacts, PaymentState } from '../domain/orders/payment.ts';
import type { Usual } from './brief.ts';
import type { OrderInput } from './orders.ts';

const USUAL_TERMS: Usual<OrderTerms> = {
  source: () => ({ customer: null }),
  applicationFeeAmount: null,
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
  settlementMerchant: () => ({ statementDescriptor: null }),
};

/** By status. */
const USUAL_PAYMENTS: Readonly<Record<string, Usual<PaymentState>>> = {
  authorized: { amountCaptured: 0, settlement: null, multicapture: false, incrementable: false },
  captured: { applicationFee: null },
};

export const USUAL_ORDER_INPUT: Usual<OrderInput> = {
  terms: () => USUAL_TERMS,
  livemode: false,
  policy: () => ({ metadataKey: '' }),
};

export const USUAL_ORDER: Usual<Order> = {
  terms: () => USUAL_TERMS,
  livemode: false,
  payment: ({ status }) => USUAL_PAYMENTS[`${status}`] ?? {},
  refunds: [],
  transfers: [],
  adjustments: [],
  disputes: [],
  recoveries: [],
  captureWindow: UNTOUCHED_WINDOW,
  failedCharges: [],
  settlementOverdueOf: null,
  processingOverdueOf: null,
  unreadable: null,
  lastDecline: null,
  pending: null,
  attention: null,
  accountRestriction: null,
  notices: [],
  approvals: [],
};

export const USUAL_FACTS: Usual<PaymentFacts> = {
  livemode: false,
  amountCapturable: 0,
  amountReceived: 0,
  chargeFailure: null,
  cancellationReason: null,
  nextAction: null,
  transfer: null,
  applicationFee: null,
  settlement: null,
  multicapture: false,
  incrementable: false,
  disputed: false,
};
