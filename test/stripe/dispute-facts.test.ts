import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { disputeFactsOf } from '../../stripe/dispute-facts.ts';

const TAKEN = { currency: 'cad', amount: -1356, fee: 1500, net: -2856 };
const GIVEN_BACK = { currency: 'cad', amount: 1356, fee: -1500, net: 2856 };

/** 10.00 USD that had been settled in Canadian dollars. */
function facts(changes: object, ...entries: readonly object[]) {
  return disputeFactsOf({
    id: 'dp_1',
    status: 'needs_response',
    amount: 1000,
    currency: 'usd',
    reason: 'fraudulent',
    created: 1_700_000_000,
    evidence_details: { due_by: 1_700_600_000, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: false,
    balance_transactions: entries,
    ...changes,
  } as unknown as Stripe.Dispute);
}

describe('what an order keeps of a dispute', () => {
  it.each([
    ['nothing of an inquiry', { status: 'warning_needs_response' }, [], {}, {}, {}],
    [
      'the amount and the fee while the bank has them, as they were settled',
      {},
      [TAKEN],
      { cad: 1356 },
      { cad: 1500 },
      { cad: -2856 },
    ],
    ['nothing once all is given back', { status: 'won' }, [TAKEN, GIVEN_BACK], {}, {}, {}],
    [
      'the fee where Stripe keeps it of a dispute that is won',
      { status: 'won' },
      [TAKEN, { ...GIVEN_BACK, fee: 0, net: 1356 }],
      {},
      { cad: 1500 },
      { cad: -1500 },
    ],
  ])('tells that it took %s', (_, changes, entries, withdrawn, fee, platform) => {
    const told = facts(changes, ...entries);
    expect(told).toMatchObject({ amount: 1000, currency: 'usd', movements: entries.length });
    expect([told.withdrawn, told.fee, told.platform]).toEqual([withdrawn, fee, platform]);
  });

  it.each([
    ['all of it', 'lost', [TAKEN], undefined],
    ['the part that did not come back', 'lost', [TAKEN, { ...GIVEN_BACK, amount: 542 }], 600],
    ['nothing, if it all came back', 'lost', [TAKEN, GIVEN_BACK], 0],
    ['all of it, if it was taken a second time', 'lost', [TAKEN, GIVEN_BACK, TAKEN], undefined],
    [
      'all of it, as far as two currencies tell',
      'lost',
      [TAKEN, { ...GIVEN_BACK, currency: 'usd' }],
      undefined,
    ],
    ['nothing of one that is won', 'won', [TAKEN, GIVEN_BACK], undefined],
  ])('tells that %s is lost', (_, status, entries, amountLost) => {
    expect(facts({ status }, ...entries).amountLost).toBe(amountLost);
  });

  it.each([
    [1_700_600_000, 1_700_600_000_000],
    [0, null],
    [null, null],
  ])('of a due_by of %s says that evidence is due by %s', (due, at) => {
    const evidence = { due_by: due, has_evidence: false, past_due: false, submission_count: 0 };
    expect(facts({ evidence_details: evidence }).evidenceDueBy).toBe(at);
  });

  it('is no guess at a status that Stripe has added since', () => {
    expect(() => facts({ status: 'forgiven' })).toThrow('dp_1 is forgiven');
  });
});
