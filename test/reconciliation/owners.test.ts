import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { transition } from '../../domain/orders/transition.ts';
import { Owners } from '../../reconciliation/owners.ts';
import { asAccount, asPlatform } from '../../stripe/acting-as.ts';
import { ACCOUNTS, type Harness, start } from '../sandbox/support.ts';
import { facts, orderIn } from '../support/builders.ts';
import { eventfulPayment } from './eventful-payment.ts';
import { NO_ORDERS, temporalThatAnswers } from './scripted-temporal.ts';

async function ownersOfAll({ stripe }: Harness): Promise<string[]> {
  const page = await stripe.balanceTransactions.list({ limit: 100, expand: ['data.source'] });
  const owners = new Owners(stripe, NO_ORDERS, asPlatform, page.data);
  const told: string[] = [];
  for (const entry of page.data.toReversed()) {
    const owner = await owners.of(entry);
    const [subject] = 'subject' in owner ? owner.subject.split('_') : [''];
    told.push(`${entry.type}: ${owner.kind} ${owner.kind === 'order' ? owner.orderId : ''} ${subject}`);
  }
  return told;
}

it('every transaction of a payment leads to its order, by its own object or by what that belongs to', async () => {
  const harness = await start();
  const { stripe } = harness;
  const { intent, charge } = await eventfulPayment(harness, 'pm_card_visa');
  await stripe.refunds.create({
    payment_intent: intent.id,
    amount: 400,
    reverse_transfer: true,
    refund_application_fee: true,
  });
  await stripe.transfers.create({
    amount: 50,
    currency: 'usd',
    destination: ACCOUNTS.usCustom,
    source_transaction: charge.id,
  });
  expect((await ownersOfAll(harness)).toSorted()).toEqual([
    'application_fee: order o-1 fee',
    'application_fee_refund: order o-1 fee',
    'charge: order o-1 ch',
    'refund: order o-1 re',
    'transfer: order o-1 tr',
    'transfer: order o-1 tr',
    'transfer_refund: order o-1 tr',
  ]);
});

it('a dispute leads to the order of its charge', async () => {
  const harness = await start();
  await eventfulPayment(harness, 'pm_card_createDispute');
  expect(await ownersOfAll(harness)).toContain('adjustment: order o-1 dp');
});

it('what is Stripe’s and the platform’s alone leads to no order', async () => {
  const harness = await start();
  const { stripe } = harness;
  await stripe.charges.create({ amount: 10_000, currency: 'usd', source: 'tok_bypassPending' });
  await stripe.transfers.create({ amount: 50, currency: 'usd', destination: ACCOUNTS.usCustom });
  await stripe.transfers.create({
    amount: 50,
    currency: 'usd',
    destination: ACCOUNTS.usCustom,
    metadata: { waybill_order: 'bonus', waybill_operation: 'cmd_1' },
  });
  await stripe.payouts.create({ amount: 100, currency: 'usd' });
  expect(await ownersOfAll(harness)).toEqual([
    'charge: foreign  ch',
    'transfer: foreign  tr',
    'transfer: transfer  ',
    'payout: platform  ',
  ]);
});

it('a payment taken over leads to its order though Temporal has forgotten that', async () => {
  const harness = await start();
  const { stripe } = harness;
  const intent = await stripe.paymentIntents.create({
    ...{ amount: 1000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true },
    transfer_data: { destination: ACCOUNTS.usCustom },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  expect(await ownersOfAll(harness)).toEqual(['charge: foreign  ch', 'transfer: foreign  tr']);
  await stripe.paymentIntents.update(intent.id, { metadata: { waybill_order: 'o-2' } });
  expect(await ownersOfAll(harness)).toEqual(['charge: order o-2 ch', 'transfer: order o-2 tr']);
});

it('a transfer that only bears the id of a special-case transfer is nobody’s, as when one was paid twice', async () => {
  const { stripe } = await start();
  const made = { transfer: { id: 'tr_made' } };
  const temporal = temporalThatAnswers(async () => made);
  const transfer = { object: 'transfer', metadata: { waybill_order: 'bonus' }, source_transaction: null };
  const page = ['tr_made', 'tr_again'].map((id) => ({ source: { ...transfer, id } }));
  const entries = page as unknown as Stripe.BalanceTransaction[];
  const owners = new Owners(stripe, temporal, asPlatform, entries);
  expect(await Promise.all(entries.map((entry) => owners.of(entry)))).toEqual([
    { kind: 'transfer' },
    { kind: 'foreign', subject: 'tr_again' },
  ]);
});

it('what Stripe does not show, or has elsewhere, ends no run: it is nobody’s until it is known', async () => {
  const { stripe } = await start();
  const direct = { object: 'application_fee', id: 'fee_direct', charge: 'ch_of_account', account: 'acct_1' };
  const entries = [{ source: direct }, { source: 'new_1' }] as unknown as Stripe.BalanceTransaction[];
  const owners = new Owners(stripe, NO_ORDERS, asPlatform, entries);
  expect(await Promise.all(entries.map((entry) => owners.of(entry)))).toEqual([
    { kind: 'foreign', subject: 'fee_direct' },
    { kind: 'unexpanded' },
  ]);
});

it('every part of several captures is the order’s, though its charge names but the last one’s transfer and fee', async () => {
  const order = transition(orderIn('pending', {}, { requestMulticapture: true }), {
    type: 'payment_observed',
    payment: facts('succeeded'),
  });
  const temporal = temporalThatAnswers(async () => order);
  const metadata = { waybill_order: 'order-1' };
  const charge = { object: 'charge', id: 'ch_1', metadata, payment_intent: 'pi_1' };
  const transfer = { object: 'transfer', id: 'tr_earlier', metadata: {}, source_transaction: 'ch_1' };
  const sources = {
    transfer,
    application_fee: { object: 'application_fee', id: 'fee_earlier', originating_transaction: 'ch_1' },
    special: { ...transfer, id: 'tr_special', metadata: { ...metadata, waybill_operation: 'cmd_1' } },
    refund: { object: 'refund', id: 're_unknown', metadata: {}, charge: 'ch_1' },
  };
  const page = [charge, ...Object.values(sources)].map((source) => ({ source }));
  const entries = page as unknown as Stripe.BalanceTransaction[];
  const owners = new Owners({} as Stripe, temporal, asPlatform, entries);
  const subjects = await Promise.all(entries.map(async (entry) => owners.of(entry)));
  expect(subjects.map((owner) => 'subject' in owner && owner.subject)).toEqual([
    'ch_1',
    'ch_1',
    'ch_1',
    'tr_special',
    're_unknown',
  ]);
});

it('what another platform moved on a connected account is the account’s own business, and ends no run', async () => {
  const { stripe } = await start();
  const entries = [
    { source: { object: 'charge', id: 'py_1', source_transfer: 'tr_of_another_platform' } },
    { source: { object: 'refund', id: 'pyr_1', charge: { source_transfer: 'tr_of_another_platform' } } },
    { source: { object: 'fee_refund', id: 'fr_1', fee: 'fee_of_another_platform' } },
  ].map((entry) => ({ ...entry, balance_type: 'payments' })) as unknown as Stripe.BalanceTransaction[];
  const owners = new Owners(stripe, NO_ORDERS, asAccount(ACCOUNTS.usCustom), entries);
  for (const entry of entries) expect(await owners.of(entry)).toEqual({ kind: 'platform' });
});

it('what Stripe lists of another balance is nobody’s, unless an order’s money is behind it', async () => {
  const { stripe } = await start();
  const refund = { object: 'refund', id: 're_1', charge: 'ch_elsewhere', metadata: {} };
  const entries = [
    { balance_type: 'issuing', source: { object: 'issuing.transaction', id: 'ipi_1' } },
    { balance_type: 'risk_reserved', source: null },
    { balance_type: 'refund_and_dispute_prefunding', source: refund },
  ] as unknown as Stripe.BalanceTransaction[];
  const owners = new Owners(stripe, NO_ORDERS, asPlatform, entries);
  expect(await Promise.all(entries.map((entry) => owners.of(entry)))).toEqual([
    { kind: 'other_balance' },
    { kind: 'other_balance' },
    { kind: 'foreign', subject: 're_1' },
  ]);
});
