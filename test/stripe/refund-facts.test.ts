import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { refundFactsOf } from '../../stripe/refund-facts.ts';

const entry = (id: string, amount: number, fee: number) =>
  ({
    id,
    object: 'balance_transaction',
    amount,
    fee,
    net: amount - fee,
    currency: 'usd',
  }) as Stripe.BalanceTransaction;

const refund = (fields: Partial<Stripe.Refund>) =>
  ({ id: 're_1', amount: 500, created: 1, status: 'succeeded', reason: null, ...fields }) as Stripe.Refund;

describe('a refund', () => {
  it('shows what Stripe gave back of its fee, as it does to some platforms', () => {
    const facts = refundFactsOf(refund({ balance_transaction: entry('txn_1', -500, -15) }), null);
    expect(facts).toMatchObject({ platform: { usd: -485 }, stripeFee: { usd: -15 } });
  });

  it('shows nothing of it where Stripe keeps it, or took it again when the refund failed', () => {
    const kept = refundFactsOf(refund({ balance_transaction: entry('txn_1', -500, 0) }), null);
    expect(kept).not.toHaveProperty('stripeFee');
    const failed = refund({
      status: 'failed',
      balance_transaction: entry('txn_1', -500, -15),
      failure_balance_transaction: entry('txn_2', 500, 15),
    });
    expect(refundFactsOf(failed, null)).toMatchObject({ platform: {} });
    expect(refundFactsOf(failed, null)).not.toHaveProperty('stripeFee');
  });

  it('says why it failed, where Stripe says so', () => {
    const reason = 'expired_or_canceled_card';
    const failed = refund({ status: 'failed', failure_reason: reason });
    expect(refundFactsOf(failed, null).failureReason).toBe(reason);
    expect(refundFactsOf(refund({ status: 'failed' }), null)).not.toHaveProperty('failureReason');
  });

  it('says what its customer has to do, but not to whom Stripe wrote', () => {
    const email_sent = { email_sent_at: 10, email_sent_to: 'ada@example.com' };
    const next_action = { type: 'display_details', display_details: { email_sent, expires_at: 20 } };
    const facts = refundFactsOf(refund({ status: 'requires_action', next_action }), null);
    expect(facts).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'display_details', emailSentAt: 10_000, expiresAt: 20_000 },
    });
    expect(JSON.stringify(facts)).not.toContain('ada@');
    expect(refundFactsOf(refund({ status: 'requires_action' }), null)).not.toHaveProperty('nextAction');
    expect(refundFactsOf(refund({ status: 'pending', next_action }), null)).not.toHaveProperty('nextAction');
  });

  it.each([
    [
      'a card, its number by its kind',
      {
        type: 'card',
        card: {
          type: 'refund',
          reference: '24011',
          reference_status: 'available',
          reference_type: 'acquirer_reference_number',
        },
      },
      { status: 'available', value: '24011', type: 'acquirer_reference_number' },
    ],
    [
      'a card that has none yet',
      {
        type: 'card',
        card: { type: 'refund', reference_status: 'pending', reference_type: 'acquirer_reference_number' },
      },
      { status: 'pending' },
    ],
    [
      'a reversal, which no bank can trace',
      { type: 'card', card: { type: 'reversal', reference_status: 'unavailable' } },
      { status: 'unavailable' },
    ],
    [
      'a bank',
      { type: 'eu_bank_transfer', eu_bank_transfer: { reference: '123456', reference_status: 'available' } },
      { status: 'available', value: '123456' },
    ],
    ['a bank that gives none', { type: 'us_bank_transfer', us_bank_transfer: {} }, undefined],
    ['what has no details of its own', { type: 'new_way' }, undefined],
    ['nothing that Stripe names', undefined, undefined],
  ] as const)('has the reference of %s', (_, details, reference) => {
    const shown = refund(
      details ? { destination_details: details as unknown as Stripe.Refund.DestinationDetails } : {},
    );
    expect(refundFactsOf(shown, null).reference).toEqual(reference);
  });

  it.each([
    ['pending', 'insufficient_funds', true],
    ['pending', 'processing', undefined],
    ['pending', 'charge_pending', undefined],
    ['pending', undefined, undefined],
    ['succeeded', 'insufficient_funds', undefined],
  ] as const)('that is %s for %s waits for funds: %s', (status, reason, waits) => {
    const shown = refund({ status, ...(reason ? { pending_reason: reason } : {}) });
    expect(refundFactsOf(shown, null).waitsForFunds).toBe(waits);
  });
});
