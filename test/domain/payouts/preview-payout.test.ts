import { describe, expect, it } from 'vitest';
import type { Payout } from '../../../domain/payouts/payout.ts';
import { newPayout } from '../../../domain/payouts/payout.ts';
import { previewOfNewPayout, previewOfPayoutCommand } from '../../../domain/payouts/preview-payout.ts';
import { attention, NOW, payoutFacts, payoutTerms } from '../../support/builders.ts';

const TERMS = payoutTerms({ connectedAccount: 'acct_seller', amount: 500, currency: 'usd' });
const OUT = {
  type: 'payout',
  from: 'acct_seller',
  to: 'bank',
  amount: 500,
  currency: 'usd',
  convertedFor: [],
};
const resolve = (action: 'retry' | 'retry_with_new_key' | 'mark_done' | 'abandon') =>
  ({ kind: 'resolve', action, reason: 'looked at it', stripe_id: undefined }) as const;

describe('the preview of a new payout', () => {
  it('says what goes to the bank, and that it goes there in minutes', () => {
    expect(previewOfNewPayout(TERMS, 500)).toMatchObject({
      summary: 'Pays 5.00 USD of acct_seller out to its bank.',
      movements: [OUT],
      hasStripeFee: false,
    });
    expect(previewOfNewPayout({ ...TERMS, method: 'instant' }, null).summary).toBe(
      'Pays 5.00 USD of acct_seller out to its debit card, in minutes.',
    );
  });

  it('says that it waits for what is missing, or that Stripe would refuse it', () => {
    const waiting = previewOfNewPayout({ ...TERMS, whenAvailable: true }, 300);
    expect(waiting.summary).toMatch(/Only 3\.00 USD of it is available: it waits until the rest is\.$/);
    expect(waiting.movements).toEqual([OUT]);
    const refused = previewOfNewPayout({ ...TERMS, whenAvailable: false }, 300);
    expect(refused.summary).toMatch(/Only 3\.00 USD of it is available: Stripe would refuse it\.$/);
    expect(refused.movements).toEqual([]);
  });
});

describe('the preview of a command of a payout', () => {
  const payout = newPayout(TERMS, NOW, false);
  const failed: Payout = {
    ...payout,
    state: { status: 'failed', payout: payoutFacts({ status: 'failed' }) },
    attention: attention({
      operation: 'payout',
      code: 'payout_failed',
      allowedActions: ['retry', 'abandon'],
    }),
  };

  it('brings back what its bank does not have yet, and nothing that Stripe does not have', () => {
    const pending = { ...payout, state: { status: 'pending', payout: payoutFacts() } } as const;
    expect(previewOfPayoutCommand(pending, { kind: 'cancel' })).toMatchObject({
      summary: 'Cancels the payout: 5.00 USD goes back to the balance of acct_seller.',
      movements: [{ ...OUT, from: 'bank', to: 'acct_seller' }],
    });
    const funds = { available: 0, instantAvailable: null, pending: [] };
    const waiting = { ...payout, state: { status: 'waiting_for_funds', funds } } as const;
    expect(previewOfPayoutCommand(waiting, { kind: 'cancel' })).toMatchObject({
      summary: 'Calls the payout off. Nothing of it is at Stripe.',
      movements: [],
    });
  });

  it('pays a failed one out once more, or leaves its money where it is', () => {
    expect(previewOfPayoutCommand(failed, resolve('retry'))).toMatchObject({
      summary: 'Pays 5.00 USD out once more, in a new payout.',
      movements: [OUT],
    });
    expect(previewOfPayoutCommand(failed, resolve('abandon'))).toMatchObject({
      summary: 'Leaves 5.00 USD in the balance of acct_seller.',
      movements: [],
    });
  });

  it('pays out one that was refused while it waited for funds, or leaves its money where it is', () => {
    const refused: Payout = {
      ...payout,
      state: { status: 'waiting_for_funds', funds: { available: 500, instantAvailable: null, pending: [] } },
      attention: attention({
        operation: 'payout',
        code: 'payout_refused',
        allowedActions: ['retry', 'abandon'],
      }),
    };
    expect(previewOfPayoutCommand(refused, resolve('retry'))).toMatchObject({
      summary: 'Pays 5.00 USD out, if Stripe takes it now.',
      movements: [OUT],
    });
    expect(previewOfPayoutCommand(refused, resolve('abandon'))).toMatchObject({
      summary: 'Leaves 5.00 USD in the balance of acct_seller.',
      movements: [],
    });
  });

  it.each([
    ['retry', /^Tries the stuck payout again/],
    ['retry_with_new_key', /^Looks for the effect of the stuck payout/],
    ['mark_done', /records it as the effect of the stuck payout/],
    ['abandon', /^Looks for the effect of the stuck payout at Stripe, and gives it up/],
  ] as const)('says of a failed one whose next payout is stuck what %s tries', (action, summary) => {
    const actions = ['retry', 'retry_with_new_key', 'mark_done', 'abandon'] as const;
    const stuck = { ...failed, attention: attention({ operation: 'payout', allowedActions: actions }) };
    const preview = previewOfPayoutCommand(stuck, resolve(action));
    expect(preview.summary).toMatch(summary);
    expect(preview.movements).toEqual([]);
  });

  it('says of a stuck one what is tried', () => {
    const stuck = { ...payout, attention: attention({ operation: 'payout', allowedActions: ['retry'] }) };
    expect(previewOfPayoutCommand(stuck, resolve('retry')).summary).toBe(
      'Tries the stuck payout again with the same idempotency key: it cannot happen twice.',
    );
  });
});
