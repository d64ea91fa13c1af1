import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { NOTHING_KNOWN, observePayment } from '../../stripe/observe.ts';
import { ACCOUNTS, type Harness, start } from '../sandbox/support.ts';

/** 10.00 by bank debit, with multicapture asked for or not. */
async function debited({ stripe, sandbox }: Harness, options: object = {}): Promise<Stripe.PaymentIntent> {
  const { id } = await stripe.paymentIntents.create({
    amount: 1_000,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_usBankAccount_success',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    capture_method: 'automatic',
    application_fee_amount: 123,
    transfer_data: { destination: ACCOUNTS.usCustom },
    ...options,
  });
  sandbox.advance(4 * 86_400);
  return stripe.paymentIntents.retrieve(id);
}

const observe = ({ stripe }: Harness, paymentIntent: string, charge: string | null) =>
  observePayment({ stripe, now: () => Date.now() }, { ...NOTHING_KNOWN, paymentIntent, charge });

/** Charge − Stripe's fee − transfer + application fee, and the charge taken back. */
const TAKEN_BACK = { platform: { usd: 64 - 1_000 }, connected: { usd: 877 } };

describe('a debit that is taken back before anybody looks, and followed by another try', () => {
  it.each([
    ['succeeds', 'pm_card_visa'],
    ['is declined', 'pm_card_chargeDeclined'],
    ['is a debit on its way', 'pm_usBankAccount_success'],
  ])('is seen with what it moved where the other one %s', async (_, method) => {
    const harness = await start();
    const { id, latest_charge: first } = await debited(harness);
    await harness.control('POST', `charges/${first}/fail`);
    await harness.stripe.paymentIntents.confirm(id, { payment_method: method }).catch(() => {});

    for (const known of [String(first), null]) {
      const { payment, failedCharges } = await observe(harness, id, known);
      expect(payment.latestCharge).not.toBe(first);
      expect(failedCharges).toMatchObject([
        { charge: first, code: 'insufficient_funds', wasCaptured: true, settlement: TAKEN_BACK },
      ]);
    }
  });

  it('is not looked for while the charge that is known is the latest', async () => {
    const harness = await start();
    const { id, latest_charge: only } = await debited(harness);
    expect(await observe(harness, id, String(only))).not.toHaveProperty('failedCharges');
    expect((await observe(harness, id, null)).failedCharges).toEqual([]);
  });
});

it('a debit that is taken back has known funds also where several captures were asked for', async () => {
  const harness = await start({ settings: { multicapture: true } });
  const options = { payment_method_options: { card: { request_multicapture: 'if_available' } } };
  const { id, latest_charge: charge } = await debited(harness, options);
  await harness.control('POST', `charges/${charge}/fail`);
  expect((await observe(harness, id, String(charge))).payment.settlement).toMatchObject(TAKEN_BACK);
});

it('what is reversed of the transfer of a debit that was taken back is seen also once another charge has paid', async () => {
  const harness = await start();
  const { id, latest_charge: first } = await debited(harness);
  const { transfer } = await harness.stripe.charges.retrieve(String(first));
  await harness.control('POST', `charges/${first}/fail`);
  await harness.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
  const { id: reversal } = await harness.stripe.transfers.createReversal(String(transfer), { amount: 200 });
  const known = { ...NOTHING_KNOWN, transfers: [{ id: String(transfer), isOtherAccount: false }] };
  const { adjustments } = await observePayment(
    { stripe: harness.stripe, now: () => Date.now() },
    { ...known, paymentIntent: id, charge: null },
  );
  expect(adjustments).toMatchObject([{ id: reversal, amount: 200, connected: { usd: -200 } }]);
});
