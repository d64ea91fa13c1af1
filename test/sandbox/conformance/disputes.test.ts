import { describe, expect, it } from 'vitest';
import { at, cardFee, idOf, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

async function disputeOf(charge: string) {
  const { data } = await sandbox.stripe.disputes.list({ charge });
  return at(data, 0);
}

describe('a dispute', () => {
  it('takes the amount and 15.00 from the platform, and leaves the charge paid and disputed', async () => {
    const before = await sandbox.balanceOf();
    const intent = await sandbox.pay({ payment_method: 'pm_card_createDispute' });
    const charge = await sandbox.charge(intent);
    const dispute = await disputeOf(charge.id);

    expect(charge).toMatchObject({ status: 'succeeded', paid: true, disputed: true, refunded: false });
    expect(dispute).toMatchObject({
      object: 'dispute',
      id: expect.stringMatching(/^du_/),
      amount: 1000,
      charge: charge.id,
      currency: 'usd',
      evidence_details: { past_due: false },
      is_charge_refundable: false,
      payment_intent: intent.id,
      reason: 'fraudulent',
      status: 'needs_response',
      balance_transactions: [
        {
          type: 'adjustment',
          reporting_category: 'dispute',
          source: dispute.id,
          amount: -1000,
          currency: 'usd',
          description: `Chargeback withdrawal for ${charge.id}`,
          exchange_rate: null,
          fee: 1500,
          fee_details: [{ type: 'stripe_fee', amount: 1500, currency: 'usd', description: 'Dispute fee' }],
          net: -2500,
          status: 'pending',
        },
      ],
    });
    expect((await sandbox.balanceOf()) - before).toBe(1000 - cardFee(1000) - 2500);
  });

  it('forbids a refund', async () => {
    const intent = await sandbox.pay({ payment_method: 'pm_card_createDispute' });
    const charge = idOf(intent.latest_charge);
    expect(await refusal(sandbox.stripe.refunds.create({ charge }))).toMatchObject({
      status: 400,
      error: {
        code: 'charge_disputed',
        message: `Charge ${charge} has been charged back; cannot issue a refund.`,
      },
    });
  });

  it('of a destination charge leaves transfer and fee as they are, and once won gives everything back', async () => {
    const seller = await sandbox.account('CA', 'cad');
    const disputed = {
      payment_method: 'pm_card_createDispute',
      on_behalf_of: seller,
      application_fee_amount: 100,
    };
    // Of a later year Stripe keeps its fee: as-of-dahlia.test.ts.
    const intent = await sandbox.destinationCharge(seller, disputed, { apiVersion: '2023-10-16' });
    const { charge, chargeEntry, transfer, payment } = await sandbox.trail(intent);
    const opened = await disputeOf(charge.id);
    expect(charge.disputed).toBe(true);
    expect(opened).toMatchObject({ amount: 1000, currency: 'usd', status: 'needs_response' });
    expect(at(opened.balance_transactions, 0)).toMatchObject({
      amount: -chargeEntry.amount,
      currency: 'cad',
      fee: 1500,
      net: -chargeEntry.amount - 1500,
    });

    const answered = await sandbox.stripe.disputes.update(opened.id, {
      evidence: { uncategorized_text: 'winning_evidence' },
    });
    expect(answered.status).toBe('under_review');
    expect(answered.balance_transactions).toHaveLength(1);

    await sandbox.advanceClock(60);
    const won = await sandbox.stripe.disputes.retrieve(opened.id);
    expect(won).toMatchObject({ status: 'won', is_charge_refundable: true });
    expect(at(won.balance_transactions, 1)).toMatchObject({
      type: 'adjustment',
      reporting_category: 'dispute_reversal',
      source: won.id,
      amount: chargeEntry.amount,
      currency: 'cad',
      description: `Chargeback reversal for ${charge.id}`,
      fee: -1500,
      fee_details: [
        { type: 'stripe_fee', amount: -1500, currency: 'cad', description: 'Dispute fee refund' },
      ],
      net: chargeEntry.amount + 1500,
    });
    expect(await sandbox.stripe.transfers.retrieve(transfer.id)).toMatchObject({
      amount_reversed: 0,
      reversed: false,
    });
    const fee = await sandbox.stripe.applicationFees.retrieve(idOf(payment.application_fee));
    expect(fee).toMatchObject({ amount: 100, amount_refunded: 0, refunded: false });
  });
});
