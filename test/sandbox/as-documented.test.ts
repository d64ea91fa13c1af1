import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { signatureHeader } from '../../sandbox/webhooks/signature.ts';
import { ACCOUNTS, card, errorOf, type Harness, held, start } from './support.ts';

/** Where Stripe's documentation differed from the sandbox; each part names its page. */
const DAY_S = 86_400;
const SELLER = ACCOUNTS.usCustom;
const AS_SELLER = { stripeAccount: SELLER };
const PAYOUT = { amount: 1000, currency: 'usd' };

/** Money of the seller's, or of the platform's own, that can leave at once. */
async function fund(
  { stripe }: Harness,
  amount: number,
  destination: string | null = SELLER,
): Promise<string> {
  const { id } = await stripe.paymentIntents.create({
    ...card,
    amount,
    payment_method: 'pm_card_bypassPending',
    ...(destination === null ? {} : { transfer_data: { destination } }),
  });
  return id;
}

async function newestEvent({ stripe }: Harness, type: string, account?: string) {
  const options = account === undefined ? {} : { stripeAccount: account };
  const [newest] = (await stripe.events.list({ type, limit: 1 }, options)).data;
  return newest?.data as { object: object; previous_attributes?: object } | undefined;
}

// docs.stripe.com/changelog/2015-01-26/events-previous-attributes-render-differences
// docs.stripe.com/changelog/2017-05-25/events-previous-attributes-render-complete-sub-array
describe('what an object was before', () => {
  it('is shown of a hash only as far as it differs', async () => {
    const harness = await start();
    const { stripe } = harness;
    await stripe.accounts.update(SELLER, { settings: { payouts: { schedule: { interval: 'daily' } } } });
    expect((await newestEvent(harness, 'account.updated', SELLER))?.previous_attributes).toEqual({
      settings: { payouts: { schedule: { interval: 'manual' } } },
    });
  });

  it('is null where there was nothing, and whole where something is gone', async () => {
    const harness = await start();
    const { stripe } = harness;
    const metadata = { kept: '1', changed: 'old', gone: 'yes' };
    const { id } = await stripe.customers.create({ metadata });
    await stripe.customers.update(id, { metadata: { changed: 'new', gone: '', added: 'now' } });
    expect((await newestEvent(harness, 'customer.updated'))?.previous_attributes).toEqual({
      metadata: { added: null, changed: 'old', gone: 'yes' },
    });
  });

  it('is shown of an array as a whole', async () => {
    const harness = await start();
    await harness.control('POST', `accounts/${SELLER}/require`, { fields: ['a', 'b'], deadline_seconds: 60 });
    await harness.control('POST', `accounts/${SELLER}/require`, { fields: ['c'], deadline_seconds: 60 });
    expect((await newestEvent(harness, 'account.updated', SELLER))?.previous_attributes).toEqual({
      requirements: { currently_due: ['a', 'b'], eventually_due: ['a', 'b'] },
    });
  });

  it('is shown of a capability, too', async () => {
    const harness = await start();
    await harness.control('POST', `accounts/${SELLER}`, { capabilities: { transfers: 'inactive' } });
    expect(await newestEvent(harness, 'capability.updated', SELLER)).toMatchObject({
      object: { id: 'transfers', status: 'inactive' },
      previous_attributes: { status: 'active' },
    });
  });
});

// support.stripe.com/questions/managing-connect-payout-failures
describe('a payout that fails', () => {
  async function failedPayout(): Promise<Harness & { bank: string }> {
    const harness = await start();
    await fund(harness, 5000);
    const { id, destination } = await harness.stripe.payouts.create(PAYOUT, AS_SELLER);
    await harness.control('POST', `payouts/${id}/fail`, { failure_code: 'account_closed' });
    return { ...harness, bank: String(destination) };
  }

  it('says that its bank account is errored, and has the account restricted until there is another', async () => {
    const harness = await failedPayout();
    const { stripe, bank } = harness;
    expect(await newestEvent(harness, 'account.external_account.updated', SELLER)).toMatchObject({
      object: { id: bank, status: 'errored' },
      previous_attributes: { status: 'new' },
    });
    expect(await stripe.accounts.retrieve(SELLER)).toMatchObject({
      charges_enabled: true,
      payouts_enabled: false,
      requirements: {
        currently_due: ['external_account'],
        past_due: ['external_account'],
        disabled_reason: 'requirements.past_due',
      },
    });
    expect(await errorOf(stripe.payouts.create(PAYOUT, AS_SELLER))).toMatchObject({
      code: 'payouts_not_allowed',
    });

    await stripe.accounts.createExternalAccount(SELLER, {
      external_account: 'btok_us_verified',
      default_for_currency: true,
    });
    expect(await stripe.accounts.retrieve(SELLER)).toMatchObject({
      payouts_enabled: true,
      requirements: { currently_due: [], disabled_reason: null },
    });
    expect(await stripe.payouts.create(PAYOUT, AS_SELLER)).toMatchObject({ status: 'pending' });
  });

  it('can be made again once the details of its bank account are updated', async () => {
    const { stripe, bank } = await failedPayout();
    const updated = await stripe.accounts.updateExternalAccount(SELLER, bank, { account_holder_name: 'Ada' });
    expect(updated).toMatchObject({ status: 'new' });
    expect(await stripe.accounts.retrieve(SELLER)).toMatchObject({ payouts_enabled: true });
  });
});

// docs.stripe.com/connect/payout-reversals
describe('the reversal of a payout', () => {
  it('is announced by an update of the payout, and called off if that fails', async () => {
    const harness = await start();
    const { stripe, sandbox, control } = harness;
    await fund(harness, 5000);
    const { id } = await stripe.payouts.create(PAYOUT, AS_SELLER);
    sandbox.advance(3 * DAY_S);
    const back = await stripe.payouts.reverse(id, {}, AS_SELLER);
    expect(await newestEvent(harness, 'payout.updated', SELLER)).toMatchObject({
      object: { id, reversed_by: back.id },
      previous_attributes: { reversed_by: null },
    });
    await control('POST', `payouts/${id}/fail`, {});
    expect(await stripe.payouts.retrieve(back.id, {}, AS_SELLER)).toMatchObject({ status: 'canceled' });
    const { available } = await stripe.balance.retrieve({}, AS_SELLER);
    expect(available).toMatchObject([{ amount: 5000 }]);
  });

  it('is refused of an instant payout, and of one that is 90 days old', async () => {
    const harness = await start();
    const { stripe, sandbox } = harness;
    await fund(harness, 50_000);
    const instant = await stripe.payouts.create({ ...PAYOUT, method: 'instant' }, AS_SELLER);
    const { id } = await stripe.payouts.create(PAYOUT, AS_SELLER);
    sandbox.advance(3 * DAY_S);
    expect(await errorOf(stripe.payouts.reverse(instant.id, {}, AS_SELLER))).toMatchObject({
      param: 'payout',
    });
    sandbox.advance(90 * DAY_S);
    expect((await errorOf(stripe.payouts.reverse(id, {}, AS_SELLER))).message).toContain('90 days');
  });
});

// docs.stripe.com/api/errors#errors-request_log_url
describe('an error', () => {
  it('names the log of its request', async () => {
    const { stripe } = await start();
    const error = await errorOf(stripe.paymentIntents.retrieve('pi_unknown'));
    const { request_log_url: url } = error.raw as { request_log_url?: string };
    expect(url).toMatch(
      new RegExp(`^https://dashboard\\.stripe\\.com/test/logs/${error.requestId}\\?t=\\d+$`),
    );
  });

  it('names none where the key is wrong', async () => {
    const { client } = await start();
    const error = await errorOf(client(undefined, 'sk_test_other').balance.retrieve());
    expect(error.raw).not.toHaveProperty('request_log_url');
  });
});

// docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason
describe('a refund that is pending', () => {
  it('says what it waits for, until it no longer does', async () => {
    const { stripe, sandbox } = await start();
    const { id } = await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      payment_method: 'pm_card_pendingRefund',
    });
    const refund = await stripe.refunds.create({ payment_intent: id });
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    sandbox.advance(60);
    expect(await stripe.refunds.retrieve(refund.id)).not.toHaveProperty('pending_reason');
  });
});

// docs.stripe.com/connect/account-balances
// support.stripe.com/questions/pending-refunds-due-to-insufficient-funds-or-stripe-balance
describe('a refund that the balance does not cover', () => {
  const waiting = async (params: object = {}) => {
    const harness = await start({ settings: { refunds_wait_for_funds: true } });
    const { id, latest_charge } = await harness.stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      transfer_data: { destination: SELLER },
    });
    const refund = await harness.stripe.refunds.create({ payment_intent: id, ...params });
    return { harness, refund, charge: String(latest_charge) };
  };

  it('waits for funds, and takes them all at once', async () => {
    const { harness, refund, charge } = await waiting();
    const { stripe, sandbox } = harness;
    const before = held(sandbox, ACCOUNTS.platform);
    expect(refund).toMatchObject({
      status: 'pending',
      pending_reason: 'insufficient_funds',
      balance_transaction: null,
    });
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 1000, refunded: true });

    await fund(harness, 500, null);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'pending' });
    await fund(harness, 2000, null);
    const sent = await stripe.refunds.retrieve(refund.id, { expand: ['balance_transaction'] });
    expect(sent).toMatchObject({
      status: 'succeeded',
      balance_transaction: { amount: -1000, type: 'refund' },
    });
    expect(sent).not.toHaveProperty('pending_reason');
    expect(held(sandbox, ACCOUNTS.platform)).toBe(before + 500 - 45 + 2000 - 88 - 1000);
    expect((await newestEvent(harness, 'refund.updated'))?.object).toMatchObject({ status: 'succeeded' });
  });

  it('does not wait where the transfer brings them back', async () => {
    const { harness, refund } = await waiting({ reverse_transfer: true, amount: 900 });
    expect(refund).toMatchObject({ status: 'pending', transfer_reversal: expect.stringMatching(/^trr_/) });
    await fund(harness, 200, null);
    expect(await harness.stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'succeeded' });
    const { id } = await harness.stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      transfer_data: { destination: SELLER },
    });
    await fund(harness, 200, null);
    const covered = { payment_intent: id, reverse_transfer: true };
    expect(await harness.stripe.refunds.create(covered)).toMatchObject({ status: 'succeeded' });
  });

  it('fails once the customer has gone to their bank, without having moved', async () => {
    const { harness, refund, charge } = await waiting();
    const before = held(harness.sandbox, ACCOUNTS.platform);
    await harness.control('POST', `charges/${charge}/dispute`);
    const failed = await harness.stripe.refunds.retrieve(refund.id);
    expect(failed).toMatchObject({
      status: 'failed',
      failure_reason: 'charge_for_pending_refund_disputed',
      balance_transaction: null,
    });
    expect(failed).not.toHaveProperty('failure_balance_transaction');
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(before - 2500);
  });
});

describe('what the platform holds back for accounts below zero', () => {
  it('can be sent to nobody', async () => {
    const harness = await start();
    const { stripe } = harness;
    await fund(harness, 5000, null);
    const payment = await fund(harness, 1000);
    await stripe.payouts.create(PAYOUT, AS_SELLER);
    await stripe.refunds.create({ payment_intent: payment, reverse_transfer: true });
    const { available, connect_reserved } = await stripe.balance.retrieve();
    expect(connect_reserved).toMatchObject([{ amount: 1000 }]);
    const left = available[0]?.amount ?? 0;
    const transfer = { currency: 'usd', destination: ACCOUNTS.usExpress };
    const refused = await errorOf(stripe.transfers.create({ ...transfer, amount: left + 1 }));
    expect(refused).toMatchObject({ code: 'balance_insufficient' });
    expect(await stripe.transfers.create({ ...transfer, amount: left })).toMatchObject({ amount: left });
  });
});

// docs.stripe.com/changelog/clover/2026-01-28/monitor-reserve-activity-on-balance-transactions
describe('what Stripe holds back for risk', () => {
  it('leaves the balance of payments for another one, and comes back', async () => {
    const harness = await start();
    const { stripe, control } = harness;
    await fund(harness, 5000);
    const reserve = (amount: number) => control('POST', `accounts/${SELLER}/reserve`, { amount });
    const available = async () => (await stripe.balance.retrieve({}, AS_SELLER)).available[0]?.amount;
    expect(await reserve(1200)).toEqual({ reserved: 1200, currency: 'usd' });
    expect(await available()).toBe(3800);
    await reserve(-200);
    expect(await available()).toBe(4000);
    const { data } = await stripe.balanceTransactions.list({ limit: 4 }, AS_SELLER);
    expect(data.map(({ type, balance_type, net }) => [type, balance_type, net])).toEqual([
      ['reserve_release', 'risk_reserved', -200],
      ['reserve_release', 'payments', 200],
      ['reserve_hold', 'risk_reserved', 1200],
      ['reserve_hold', 'payments', -1200],
    ]);
  });

  it.each([{ amount: 0 }, { amount: 6000 }, { amount: -1 }, { amount: 1, currency: 'xxx' }])(
    'is never %j',
    async (body) => {
      const harness = await start();
      await fund(harness, 5000);
      expect(await harness.control('POST', `accounts/${SELLER}/reserve`, body)).toHaveProperty('error');
    },
  );
});

// docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
describe('the least amount', () => {
  it.each([
    ['jpy', 50, 'Amount must convert to at least 50 cents. ¥50 converts to approximately $0.33.'],
    ['gbp', 30, 'Amount must convert to at least 50 cents. £0.30 converts to approximately $0.38.'],
  ])(
    'of %s is what converts to the least of the settlement merchant’s currency',
    async (currency, amount, message) => {
      const { stripe } = await start();
      const refused = await errorOf(stripe.paymentIntents.create({ ...card, amount, currency }));
      expect(refused).toMatchObject({ code: 'amount_too_small', param: 'amount', message });
      expect(await errorOf(stripe.charges.create({ amount, currency, source: 'tok_visa' }))).toMatchObject({
        message,
      });
    },
  );

  it('is that of the connected account where it is the settlement merchant', async () => {
    const { stripe } = await start();
    const yen = { ...card, amount: 50, currency: 'jpy', on_behalf_of: ACCOUNTS.jpCustom };
    const intent = await stripe.paymentIntents.create({
      ...yen,
      transfer_data: { destination: ACCOUNTS.jpCustom },
    });
    expect(intent.status).toBe('succeeded');
  });
});

// docs.stripe.com/api/events/types#event_types-application_fee.refund.updated
describe('a refund of an application fee', () => {
  it('is announced when it is updated', async () => {
    const harness = await start();
    const { stripe } = harness;
    await stripe.paymentIntents.create({
      ...card,
      amount: 1000,
      application_fee_amount: 123,
      transfer_data: { destination: SELLER },
    });
    const [fee] = (await stripe.applicationFees.list()).data;
    const { id } = await stripe.applicationFees.createRefund(fee?.id ?? '', { amount: 23 });
    await stripe.applicationFees.updateRefund(fee?.id ?? '', id, { metadata: { why: 'kind' } });
    expect(await newestEvent(harness, 'application_fee.refund.updated')).toMatchObject({
      object: { id, object: 'fee_refund' },
      previous_attributes: { metadata: { why: null } },
    });
  });
});

// docs.stripe.com/webhooks#verify-manually
describe('the signature of an event', () => {
  it('comes with another one in test mode, which proves nothing', () => {
    const header = signatureHeader('{}', ['whsec_1'], 1_700_000_000);
    expect(header).toMatch(/^t=1700000000,v1=[0-9a-f]{64},v0=[0-9a-f]{64}$/);
    const verify = (signature: string) => Stripe.webhooks.constructEvent('{}', signature, 'whsec_1', 1e12);
    expect(verify(header)).toEqual({});
    const [, proof] = header.split(',v0=');
    expect(() => verify(`t=1700000000,v0=${proof}`)).toThrow('No signatures found with expected scheme');
  });
});
