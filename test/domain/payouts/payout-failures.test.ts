import { describe, expect, it } from 'vitest';
import type { AccountFunds } from '../../../domain/payouts/payout.ts';
import {
  explainFailure,
  explainMissingFunds,
  paidOutOnceMore,
  spendable,
} from '../../../domain/payouts/payout-failures.ts';
import { NOW, payoutTerms } from '../../support/builders.ts';

const DAY_MS = 86_400_000;

describe('why a payout failed', () => {
  it('is a sentence with what to do, for what Stripe names', () => {
    expect(explainFailure({ failureCode: 'account_closed', failureMessage: 'x' }, 'again')).toEqual({
      why: 'The bank account has been closed.',
      todo: 'Ask the account for another bank account or debit card, replace it, then retry.',
    });
  });

  it.each([
    [{ failureCode: 'brand_new', failureMessage: 'Stripe’s own words.' }, 'Stripe’s own words.'],
    [{ failureCode: 'brand_new', failureMessage: null }, 'The payout failed (brand_new).'],
    [{ failureCode: null, failureMessage: null }, 'The payout failed (Stripe gave no reason).'],
  ])('falls back to what is known: %o', (failure, why) => {
    expect(explainFailure(failure, 'again').why).toBe(why);
  });

  it('asks for no retry that goes to an external account which was replaced', () => {
    const named = paidOutOnceMore(payoutTerms({ destination: 'ba_1' }));
    expect([named, paidOutOnceMore(payoutTerms({ destination: null }))]).toEqual(['named', 'again']);
    const todoOf = (failureCode: string) => explainFailure({ failureCode, failureMessage: null }, named).todo;
    expect(todoOf('account_closed')).toContain('abandon it, and pay out to the new one');
    expect(todoOf('account_frozen')).toContain('same external account');
    expect(todoOf('could_not_process')).toContain('abandon it and pay out to another');
    expect(todoOf('insufficient_funds')).toBe('Retry once funds are available.');
  });

  it.each(['account_closed', 'account_frozen', 'invalid_currency', 'brand_new'])(
    'asks for nothing that Waybill cannot do about a payout which Stripe made: %s',
    (failureCode) => {
      const { todo } = explainFailure({ failureCode, failureMessage: 'No.' }, 'elsewhere');
      expect(todo).not.toMatch(/retry|abandon/i);
      expect(todo).toContain('with its next payout');
    },
  );
});

describe('what is missing for a payout', () => {
  const pending = (count: number): AccountFunds['pending'] =>
    Array.from({ length: count }, (_, n) => ({ amount: 100, availableOn: NOW + n * DAY_MS }));

  it.each<[string, Partial<AccountFunds>, string]>([
    [
      'nothing is pending',
      { available: 100 },
      'The account has 1.00 USD available, 5.00 USD too little for a payout of 6.00 USD. Nothing is pending.',
    ],
    [
      'funds arrive on several days',
      { available: -100, pending: pending(4) },
      'The account has -1.00 USD available, 7.00 USD too little for a payout of 6.00 USD. 4.00 USD is pending and becomes available: 1.00 USD on 2026-01-05, 1.00 USD on 2026-01-06, 1.00 USD on 2026-01-07, more later.',
    ],
    [
      'all that is on its way is named',
      { available: 100, pending: pending(1) },
      'The account has 1.00 USD available, 5.00 USD too little for a payout of 6.00 USD. 1.00 USD is pending and becomes available: 1.00 USD on 2026-01-05.',
    ],
    [
      'there is enough, and yet Stripe refuses',
      { available: 600 },
      'The account has 6.00 USD available, which Stripe does not let it pay out: a fee or a reserve comes first. Nothing is pending.',
    ],
  ])('is shown when %s', (_, funds, sentence) => {
    const all = { available: 0, instantAvailable: null, pending: [], ...funds };
    expect(explainMissingFunds(payoutTerms(), all)).toBe(sentence);
  });

  it('shows what may go out instantly', () => {
    const funds = { available: 900, instantAvailable: 200, pending: [] };
    const sentence = explainMissingFunds(payoutTerms({ method: 'instant' }), funds);
    expect(sentence).toContain('2.00 USD available for instant payouts, 4.00 USD too little');
    expect([spendable(funds, 'instant'), spendable(funds, 'standard')]).toEqual([200, 900]);
    expect(spendable({ ...funds, instantAvailable: null }, 'instant')).toBe(900);
  });
});
