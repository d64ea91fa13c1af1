import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { createActivities } from '../../activities/index.ts';
import type { OrderTerms } from '../../domain/orders/order.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { progress } from '../../worker/heartbeats.ts';
import { needs } from '../support/needs.ts';
import { noGo, startStripeMock } from '../support/stripe-mock.ts';

const nobody = new Client({ connection: Connection.lazy({ address: '127.0.0.1:9' }) });

const base = { orderId: 'order-1', operationId: 'cmd_1', generation: 0, requestedAt: 0, requestHash: 'hash' };

const TERMS: OrderTerms = {
  id: 'order-1',
  amount: 1099,
  currency: 'usd',
  source: { customer: null, method: { type: 'payment_method', id: 'pm_card_visa' } },
  connectedAccount: 'acct_1',
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
  settlementMerchant: null,
};

const authorize = (terms: Partial<OrderTerms>) => (activities: Activities) =>
  activities.authorize({ ...base, operation: 'authorize', terms: { ...TERMS, ...terms } });
const refund = { ...base, operation: 'refund', charge: 'ch_1', amount: 5, reason: null } as const;

const ofAccount = {
  reference: 'seller-1',
  operationId: 'cmd_1',
  generation: 0,
  requestedAt: 0,
  account: 'acct_1',
};
const CHANGES = {
  accountToken: 'ct_1',
  externalAccount: 'btok_1',
  email: 'shop@example.com',
  businessProfile: { mcc: '5734', url: 'https://shop.example.com', product_description: 'Computers' },
  capabilities: ['card_payments', 'transfers'],
  defaultCurrency: 'usd',
  payoutSchedule: { interval: 'weekly', delayDays: 'minimum', weeklyAnchor: 'friday', monthlyAnchor: null },
  statementDescriptor: 'SHOP',
  metadata: { shop: '7' },
} as const;

const ACCOUNT_REQUESTS: [string, (activities: Activities) => Promise<unknown>][] = [
  [
    'create an account by its type',
    (activities) =>
      activities.create_account({
        ...ofAccount,
        operation: 'create_account',
        requestHash: 'hash',
        terms: { type: 'custom', controller: null, country: 'US', serviceAgreement: 'full', ...CHANGES },
      }),
  ],
  [
    'create an account by its controller',
    (activities) =>
      activities.create_account({
        ...ofAccount,
        operation: 'create_account',
        requestHash: 'hash',
        terms: {
          type: null,
          controller: {
            fees: { payer: 'application' },
            losses: { payments: 'application' },
            requirement_collection: 'application',
            stripe_dashboard: { type: 'none' },
          },
          country: 'GB',
          serviceAgreement: 'recipient',
          businessType: 'individual',
          payoutSchedule: { interval: 'monthly', delayDays: 7, weeklyAnchor: null, monthlyAnchor: 31 },
        },
      }),
  ],
  [
    'change an account',
    (activities) =>
      activities.update_account({ ...ofAccount, operation: 'update_account', changes: CHANGES }),
  ],
  [
    'add a person',
    (activities) => activities.add_person({ ...ofAccount, operation: 'add_person', token: 'cpt_1' }),
  ],
  [
    'add an external account',
    (activities) =>
      activities.add_external_account({
        ...ofAccount,
        operation: 'add_external_account',
        token: 'btok_1',
        defaultForCurrency: true,
      }),
  ],
  [
    'reject an account',
    (activities) => activities.reject_account({ ...ofAccount, operation: 'reject_account', reason: 'fraud' }),
  ],
  ['read an account', (activities) => activities.readAccount('acct_1')],
];

/** Every request that activities can send, and every optional parameter of it. */
const REQUESTS: [string, (activities: Activities) => Promise<unknown>][] = [
  ['authorize', authorize({})],
  [
    'authorize with a fee, on behalf of the account',
    authorize({ applicationFeeAmount: 123, onBehalfOf: true }),
  ],
  ['authorize with a transfer amount', authorize({ transferAmount: 877, captureMethod: 'automatic' })],
  ['authorize a token', authorize({ source: { customer: null, method: { type: 'token', id: 'tok_visa' } } })],
  [
    "authorize a customer's method off-session",
    authorize({ source: { customer: 'cus_1', method: TERMS.source.method }, offSession: true }),
  ],
  [
    'authorize with every text and a return URL',
    authorize({
      captureMethod: 'automatic_async',
      returnUrl: 'https://shop.example/back',
      statementDescriptorSuffix: 'BOOKS',
      description: 'Two books',
      metadata: { cart: '7' },
    }),
  ],
  [
    'confirm with another method',
    (activities) =>
      activities.confirm({
        ...base,
        operation: 'confirm',
        paymentIntent: 'pi_1',
        method: { type: 'token', id: 'tok_visa' },
        returnUrl: 'https://shop.example/back',
      }),
  ],
  [
    'confirm',
    (activities) =>
      activities.confirm({
        ...base,
        operation: 'confirm',
        paymentIntent: 'pi_1',
        method: null,
        returnUrl: null,
      }),
  ],
  [
    'capture',
    (activities) =>
      activities.capture({
        ...base,
        operation: 'capture',
        paymentIntent: 'pi_1',
        amount: 100,
        final: true,
        amountCapturedBefore: 0,
        share: null,
      }),
  ],
  [
    'cancel',
    (activities) =>
      activities.cancel({ ...base, operation: 'cancel', paymentIntent: 'pi_1', reason: 'abandoned' }),
  ],
  [
    'refund with both flags',
    (activities) =>
      activities.refund({
        ...refund,
        reverseTransfer: true,
        refundApplicationFee: true,
        reason: 'requested_by_customer',
        applicationFeeRefundedBefore: 0,
        feeRefundsBefore: [],
      }),
  ],
  [
    'refund without reversal',
    (activities) =>
      activities.refund({
        ...refund,
        reverseTransfer: false,
        refundApplicationFee: false,
        applicationFeeRefundedBefore: 0,
        feeRefundsBefore: [],
      }),
  ],
  [
    'transfer out of a charge',
    (activities) =>
      activities.transfer({
        ...base,
        operation: 'transfer',
        charge: 'ch_1',
        amount: 5,
        currency: 'usd',
        destination: 'acct_1',
        description: 'Correction',
      }),
  ],
  [
    'transfer',
    (activities) =>
      activities.transfer({
        ...base,
        operation: 'transfer',
        charge: null,
        amount: 5,
        currency: 'usd',
        destination: 'acct_1',
        description: null,
      }),
  ],
  [
    'read a payment',
    (activities) =>
      activities.observePayment({
        paymentIntent: 'pi_1',
        refunds: [],
        adjustments: [],
        applicationFeeRefunded: 0,
        transfers: [],
      }),
  ],
  ...ACCOUNT_REQUESTS,
];

needs(noGo)("Stripe's own description accepts the request to", () => {
  let mock: Awaited<ReturnType<typeof startStripeMock>>;
  let activities: Activities;
  beforeAll(async () => {
    mock = await startStripeMock();
    const stripe = createStripeClient({
      secretKey: 'sk_test_123',
      apiBase: `http://${mock.host}:${mock.port}`,
    });
    activities = createActivities({
      temporal: nobody,
      clientId: null,
      taskQueue: 'waybill',
      accountLimits: {},
      lookBeforeCreate: true,
      stripe,
      progress,
      now: () => 0,
    });
  });
  afterAll(() => mock?.stop());

  it.each(REQUESTS)('%s', async (_, send) => {
    expect(await refusalOf(send(activities))).toBeNull();
  });
});

/** stripe-mock answers with canned objects, which an activity may well take for a contradiction; only a 4xx counts. */
async function refusalOf(sent: Promise<unknown>): Promise<unknown> {
  try {
    const outcome = (await sent) as { type?: string; problem?: unknown };
    return outcome.type === 'refused' ? outcome.problem : null;
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    const [failure] = (error.details ?? []) as { code: string }[];
    return failure?.code === 'amount_mismatch' ? null : failure;
  }
}
