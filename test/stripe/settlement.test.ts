import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { createStripeClient } from '../../stripe/client.ts';
import { settlementOf } from '../../stripe/settlement.ts';

/** Everything that is needed comes expanded: nothing is asked. */
const stripe = createStripeClient({ secretKey: 'sk_test_1', apiBase: 'http://127.0.0.1:9' });

const entry = (id: string, net: number, fee = 0) => ({ id, currency: 'usd', net, fee });
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
