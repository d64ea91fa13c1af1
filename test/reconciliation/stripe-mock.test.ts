import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createReconciliationActivities } from '../../activities/reconciliation/reconciliation.ts';
import { transition } from '../../domain/orders/transition.ts';
import { transactionsOfOrder } from '../../reconciliation/transactions.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { orderIn, transfer } from '../support/builders.ts';
import { needs } from '../support/needs.ts';
import { noGo, startStripeMock } from '../support/stripe-mock.ts';
import { NO_ORDERS } from './scripted-temporal.ts';

const PAID = transition(orderIn('succeeded'), { type: 'transfer_recorded', transfer: transfer() });

/** A charge after which everything happened, so that all of it is asked for. */
const EVENTFUL = {
  id: 'ch_1',
  balance_transaction: null,
  transfer: { id: 'tr_1', balance_transaction: null, amount_reversed: 1 },
  application_fee: { id: 'fee_1', balance_transaction: null, amount_refunded: 1 },
  amount_refunded: 1,
  disputed: true,
};

needs(noGo)("Stripe's own description accepts the request to", () => {
  let mock: Awaited<ReturnType<typeof startStripeMock>>;
  let stripe: Stripe;
  beforeAll(async () => {
    mock = await startStripeMock();
    stripe = createStripeClient({ secretKey: 'sk_test_123', apiBase: `http://${mock.host}:${mock.port}` });
  });
  afterAll(() => mock?.stop());

  it('list the balance with its sources', async () => {
    const deps = { stripe, temporal: NO_ORDERS, taskQueue: 'waybill' };
    const { reconcileTransactions } = createReconciliationActivities(deps);
    const period = { from: 0, to: 1_000, expectedSince: 0 };
    const { findings } = await reconcileTransactions({ period, after: 'txn_1' });
    expect(Object.keys(findings.transactions)).not.toEqual([]);
  });

  it("read an order's transactions, whatever happened to it", async () => {
    const retrieve: Stripe['paymentIntents']['retrieve'] = async (id: string, params?: object) => {
      const intent = await stripe.paymentIntents.retrieve(id, params);
      return Object.assign(intent, { latest_charge: EVENTFUL as unknown as Stripe.Charge });
    };
    const eventful: Stripe = Object.assign(Object.create(stripe), { paymentIntents: { retrieve } });
    expect(await transactionsOfOrder(eventful, PAID)).not.toEqual([]);
  });
});
