import { expect, it } from 'vitest';
import { newPayout } from '../../../domain/payouts/payout.ts';
import { presentPayout } from '../../../domain/payouts/present-payout.ts';
import { NOW, payoutFacts, payoutTerms } from '../../support/builders.ts';

it.each([
  ['standard', 100, 600],
  ['instant', 100, 100],
  // Stripe does not say.
  ['instant', null, 600],
] as const)('a %s payout waits for funds of its method', (method, instantAvailable, available) => {
  const payout = newPayout(payoutTerms({ method }), NOW, false);
  const funds = { available: 600, instantAvailable, pending: [] };
  expect(presentPayout({ ...payout, state: { status: 'waiting_for_funds', funds } })).toMatchObject({
    funds: { available, pending: [] },
  });
});

it('a payout that was taken back from its bank stays paid, and says by what', () => {
  const payout = newPayout(payoutTerms(), NOW, false);
  const paid = payoutFacts({ status: 'paid' });
  const shown = (facts: typeof paid) =>
    presentPayout({ ...payout, state: { status: 'paid', payout: facts } });
  expect(shown(paid)).toMatchObject({ status: 'paid', reversed_by: null });
  expect(shown({ ...paid, reversedBy: 'po_2' })).toMatchObject({ status: 'paid', reversed_by: 'po_2' });
});
