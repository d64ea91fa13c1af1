import { describe, expect, it } from 'vitest';
import type { AccountFacts } from '../../../domain/accounts/account.ts';
import { accountDigest } from '../../../domain/accounts/account-digest.ts';
import { accountFacts, NOTHING_DUE } from '../../support/builders.ts';

const due = (changes: Partial<AccountFacts['requirements']>) =>
  accountFacts({ requirements: { ...NOTHING_DUE, ...changes } });

describe('the digest of an account', () => {
  it.each<[string, AccountFacts]>([
    ['it may no longer be paid out', accountFacts({ payoutsEnabled: false })],
    [
      'a capability stops',
      accountFacts({ capabilities: { card_payments: 'active', transfers: 'inactive' } }),
    ],
    ['something more is due some day', due({ eventuallyDue: ['individual.id_number'] })],
    ['something is due', due({ currentlyDue: ['individual.id_number'] })],
    ['the same is past due', due({ pastDue: ['individual.id_number'] })],
    ['the same is being verified', due({ pendingVerification: ['individual.id_number'] })],
    ['it is disabled', due({ disabledReason: 'under_review' })],
    ['it is disabled for another reason', due({ disabledReason: 'rejected.fraud' })],
    ['there is a deadline', due({ currentDeadline: 1_750_000_000_000 })],
  ])('is another one when %s', (_, changed) => {
    expect(accountDigest(changed)).not.toBe(accountDigest(accountFacts()));
  });

  it('is the same in whatever order Stripe lists things', () => {
    const names = ['individual.dob.day', 'individual.id_number', 'external_account'];
    expect(
      accountDigest({
        ...due({ currentlyDue: names.toReversed() }),
        capabilities: { transfers: 'active', card_payments: 'active' },
      }),
    ).toBe(
      accountDigest({
        ...due({ currentlyDue: names }),
        capabilities: { card_payments: 'active', transfers: 'active' },
      }),
    );
  });

  it('is the same whatever changes that nothing follows from', () => {
    const changed = accountFacts({ metadata: { shop: '8' }, statementDescriptor: 'SHOP', createdAt: null });
    expect(accountDigest(changed)).toBe(accountDigest(accountFacts()));
  });

  it('is an integer that Temporal can show and find', () => {
    expect(accountDigest(accountFacts())).toSatisfy(Number.isSafeInteger);
    expect(accountDigest(accountFacts())).toBeGreaterThanOrEqual(0);
  });
});
