import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { createStripeClient } from '../../stripe/client.ts';
import { settlementOf } from '../../stripe/settlement.ts';
import { stripeError } from '../support/stripe-errors.ts';

/** Everything that is needed comes expanded: nothing is asked. */
const stripe = createStripeClient({ secretKey: 'sk_test_1', apiBase: 'http://127.0.0.1:9' });

const entry = (id: string, net: number, fee = 0) => ({ id, currency: 'usd', amount: net + fee, net, fee });
const FEE = { id: 'fee_1', balance_transaction: entry('txn_3', 123) };
const TRANSFER = {
  id: 'tr_1',
  balance_transaction: entry('txn_2', -1000),
  destination_payment: { id: 'py_1', balance_transaction: entry('txn_4', 877) },
};
const CHARGE = {
  id: 'ch_1',
  application_fee_amount: 123,
  balance_transaction: entry('txn_1', 941, 59),
  transfer: TRANSFER,
  application_fee: FEE,
};

function settlement(charge: object | null) {
  return settlementOf(stripe, { id: 'pi_1', latest_charge: charge } as unknown as Stripe.PaymentIntent);
}

it('a payment is settled once all its parts are there', async () => {
  expect(await settlement(CHARGE)).toEqual({
    currency: 'usd',
    stripeFee: 59,
    platform: { usd: 64 },
    connected: { usd: 877 },
  });
  const withoutFee = { ...CHARGE, application_fee_amount: null, application_fee: null };
  expect(await settlement(withoutFee)).toMatchObject({ platform: { usd: -59 } });
});

it.each([
  ['its charge', null],
  ['its balance transaction', { ...CHARGE, balance_transaction: null }],
  ['its transfer', { ...CHARGE, transfer: null }],
  ['the transfer’s balance transaction', { ...CHARGE, transfer: { ...TRANSFER, balance_transaction: null } }],
  ['its application fee', { ...CHARGE, application_fee: null }],
  ['the fee’s balance transaction', { ...CHARGE, application_fee: { ...FEE, balance_transaction: null } }],
])('with automatic_async it is not settled before %s is there', async (_, charge) => {
  expect(await settlement(charge)).toBeNull();
});

/** Two captures of 3.00 and 2.00 that Stripe settled by themselves; the charge names the last one's transfer and fee. */
const PARTS = {
  entries: [
    { ...entry('txn_11', 261, 39), source: 'ch_1' },
    { ...entry('txn_12', 164, 36), source: 'ch_1' },
    { ...entry('txn_13', -100), source: 're_1' },
  ],
  transfers: [
    part('tr_11', -300, 263),
    part('tr_12', -200, 176),
    { ...part('tr_special', -5, 5), metadata: { waybill_operation: 'cmd_1' } },
    { ...part('tr_foreign', -5, 5), source_transaction: 'ch_2' },
  ],
  fees: [
    { id: 'fee_11', balance_transaction: entry('txn_31', 37) },
    { id: 'fee_12', balance_transaction: entry('txn_32', 24) },
  ],
};

function part(id: string, sent: number, arrived: number) {
  return {
    id,
    metadata: {},
    source_transaction: 'ch_1',
    balance_transaction: entry(`txn_of_${id}`, sent),
    destination_payment: { id: `py_of_${id}`, balance_transaction: entry(`txn_of_py_${id}`, arrived) },
  };
}

async function* listed<T>(items: readonly T[]) {
  yield* items;
}

function inParts({ entries, transfers, fees }: typeof PARTS, changes: Partial<Stripe.PaymentIntent> = {}) {
  const lists = {
    balanceTransactions: { list: () => listed(entries) },
    transfers: { list: () => listed(transfers) },
    applicationFees: { list: () => listed(fees) },
  } as unknown as Stripe;
  return settlementOf(lists, {
    id: 'pi_1',
    status: 'succeeded',
    currency: 'usd',
    amount_received: 500,
    ...changes,
    latest_charge: { ...CHARGE, transfer_group: 'group_pi_1' },
    payment_method_options: { card: { request_multicapture: 'if_available' } },
  } as unknown as Stripe.PaymentIntent);
}

it('a payment that was captured in parts comes to the sum of them', async () => {
  expect(await inParts(PARTS)).toEqual({
    currency: 'usd',
    stripeFee: 39 + 36,
    platform: { usd: 261 + 164 - 300 - 200 + 37 + 24 },
    connected: { usd: 263 + 176 },
  });
});

it('what was captured in parts is known while more may be captured', async () => {
  const first = {
    entries: PARTS.entries.slice(0, 1),
    transfers: PARTS.transfers.slice(0, 1),
    fees: PARTS.fees.slice(0, 1),
  };
  expect(await inParts(first, { status: 'requires_capture', amount_received: 300 })).toMatchObject({
    stripeFee: 39,
    connected: { usd: 263 },
  });
});

it.each([
  ['before anything is captured', PARTS, { status: 'requires_capture', amount_received: 0 }],
  ['before its last part is there', PARTS, { amount_received: 600 }],
  ['before a part has its transfer', { ...PARTS, transfers: PARTS.transfers.slice(1) }, {}],
  ['before it has its fees', { ...PARTS, fees: [] }, {}],
  ['before anything is settled', { entries: [], transfers: [], fees: [] }, {}],
  ['while more may be captured and converted', PARTS, { status: 'requires_capture', currency: 'eur' }],
] as const)('it is not settled %s', async (_, parts, changes) => {
  expect(await inParts(parts as typeof PARTS, changes)).toBeNull();
});

it('converted parts are settled with the last one', async () => {
  expect(await inParts(PARTS, { currency: 'eur' })).toMatchObject({ stripeFee: 75 });
});

it('an account that its owner has disconnected got what was transferred, less the fee', async () => {
  const refusal = stripeError({ statusCode: 403, type: 'invalid_request_error', code: 'account_invalid' });
  const gone = { charges: { retrieve: async () => Promise.reject(refusal) } } as unknown as Stripe;
  const transfer = {
    ...TRANSFER,
    amount: 1000,
    currency: 'usd',
    destination: 'acct_1',
    destination_payment: 'py_1',
  };
  const intent = { id: 'pi_1', latest_charge: { ...CHARGE, transfer } } as unknown as Stripe.PaymentIntent;
  expect(await settlementOf(gone, intent)).toMatchObject({ connected: { usd: 877 } });
});
