import { describe, expect, it } from 'vitest';
import { at, idOf, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

/** A seller whose money is available, and the bank account it goes to. */
async function sellerWith(amount: number) {
  const seller = await sandbox.account();
  await sandbox.destinationCharge(seller, { amount, payment_method: 'pm_card_bypassPending' });
  const { data } = await sandbox.stripe.accounts.listExternalAccounts(seller);
  return { seller, bank: idOf(at(data, 0)) };
}

describe('a payout made by hand', () => {
  it('goes to the bank account, is pending at first, and leaves the balance', async () => {
    const { seller, bank } = await sellerWith(60_000);
    const payout = await sandbox.stripe.payouts.create(
      {
        amount: 60_000,
        currency: 'usd',
        destination: bank,
        method: 'standard',
        description: 'week 1',
        statement_descriptor: 'Gumroad',
      },
      { stripeAccount: seller },
    );

    expect(payout).toMatchObject({
      object: 'payout',
      id: expect.stringMatching(/^po_/),
      amount: 60_000,
      application_fee: null,
      application_fee_amount: null,
      automatic: false,
      balance_transaction: expect.stringMatching(/^txn_/),
      currency: 'usd',
      description: 'week 1',
      destination: bank,
      failure_code: null,
      method: 'standard',
      source_type: 'card',
      status: 'pending',
      type: 'bank_account',
    });
    expect(payout.arrival_date).toBeGreaterThan(payout.created);
    expect(await sandbox.balanceOf(seller)).toBe(0);
    const entry = await sandbox.stripe.balanceTransactions.retrieve(
      idOf(payout.balance_transaction),
      {},
      { stripeAccount: seller },
    );
    expect(entry).toMatchObject({
      type: 'payout',
      reporting_category: 'payout',
      source: payout.id,
      net: -60_000,
    });
  });

  it('beyond the available balance is refused', async () => {
    const { seller, bank } = await sellerWith(60_000);
    const { status, headers, error } = await refusal(
      sandbox.stripe.payouts.create(
        { amount: 500_000, currency: 'usd', destination: bank, method: 'standard' },
        { stripeAccount: seller },
      ),
    );

    expect(status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'balance_insufficient',
      message:
        'You have insufficient funds in your Stripe account for this transfer. Your card balance is too low.  You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).',
      doc_url: expect.stringMatching(/balance-insufficient$/),
    });
    expect(headers['stripe-should-retry']).toBe('false');
    expect(await sandbox.balanceOf(seller)).toBe(60_000);
  });

  it('is instant only up to $9999 for a bank account', async () => {
    await sandbox.fundPlatform(2_000_000);
    const { seller, bank } = await sellerWith(100);
    const transfer = await sandbox.stripe.transfers.create({
      amount: 1_201_000,
      currency: 'usd',
      destination: seller,
    });
    const { status, error } = await refusal(
      sandbox.stripe.payouts.create(
        { amount: 1_166_019, currency: 'usd', destination: bank, method: 'instant' },
        { stripeAccount: seller },
      ),
    );

    expect(status).toBe(400);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      message: 'Instant Payouts to bank accounts are only supported for amounts less than or equal to $9999',
    });
    expect(error).not.toHaveProperty('code');
    // The money never left, so the platform can take its transfer back.
    const reversal = await sandbox.stripe.transfers.createReversal(transfer.id);
    expect(reversal).toMatchObject({ amount: 1_201_000, source_refund: null });
  });
});
