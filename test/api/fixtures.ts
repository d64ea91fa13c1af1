import type { Order, OrderTerms, Refund } from '../../domain/orders/order.ts';
import { newOrder } from '../../domain/orders/order.ts';
import type { PaymentState } from '../../domain/orders/payment.ts';

export const CREATED_AT = Date.parse('2026-01-02T03:04:05.678Z');
export const ACCOUNT = 'acct_1NvaqXLh2mYx8pQk';

const TERMS: OrderTerms = {
  id: 'order-1',
  amount: 1000,
  currency: 'usd',
  source: { customer: null, method: { type: 'payment_method', id: 'pm_card_visa' } },
  connectedAccount: ACCOUNT,
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
  description: 'a vase',
  metadata: { cart: '7' },
  settlementMerchant: null,
};

export function orderIn(payment: PaymentState, more: Partial<Order> = {}): Order {
  return { ...newOrder(TERMS, CREATED_AT, false), payment, ...more };
}

export const AUTHORIZED: PaymentState = {
  status: 'authorized',
  paymentIntent: 'pi_1',
  latestCharge: 'ch_1',
  amount: 1000,
  amountCapturable: 1000,
  amountCaptured: 0,
  settlement: null,
  authorizedAt: CREATED_AT,
  captureBefore: CREATED_AT + 604_800_000,
  multicapture: false,
  incrementable: false,
};

export const CAPTURED: Extract<PaymentState, { status: 'captured' }> = {
  status: 'captured',
  paymentIntent: 'pi_1',
  latestCharge: 'ch_1',
  amount: 1000,
  amountCaptured: 1000,
  captureBefore: null,
  transfer: 'tr_1',
  applicationFee: 'fee_1',
  settlement: null,
};

export const REFUND: Refund = {
  id: 're_1',
  operationId: 'cmd_1',
  amount: 400,
  status: 'succeeded',
  reason: null,
  createdAt: CREATED_AT + 1,
  reversal: { id: 'trr_1', amount: 400, currency: 'usd' },
  applicationFeeRefunded: 49,
  feeRefunds: ['fr_1'],
  platform: { usd: -49 },
  connected: { usd: -351 },
};

export const CREATE_BODY = {
  amount: 1000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  connected_account: ACCOUNT,
  application_fee_amount: 123,
};
