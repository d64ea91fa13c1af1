import { describe, expect, it } from 'vitest';
import type { Account, AccountEvent, AccountFacts, Requirements } from '../../../domain/accounts/account.ts';
import {
  accountNotices,
  accountStatus,
  isAccountClosed,
  newAccount,
  statusOfAccount,
  transitionAccount,
} from '../../../domain/accounts/account.ts';
import { IllegalTransition } from '../../../domain/illegal-transition.ts';
import { accountFacts, attention, NOTHING_DUE, NOW } from '../../support/builders.ts';

const due = (changes: Partial<Requirements>) => ({ requirements: { ...NOTHING_DUE, ...changes } });
const pending = { capabilities: { transfers: 'pending' }, payoutsEnabled: false };
const inactive = { capabilities: { transfers: 'inactive' }, payoutsEnabled: false };

describe('the word for an account', () => {
  it.each<[string, Partial<AccountFacts>, string]>([
    ['may do everything', {}, 'enabled'],
    [
      'waits for one more capability',
      { capabilities: { transfers: 'active', card_payments: 'pending' } },
      'enabled',
    ],
    [
      'has given nothing',
      { ...inactive, detailsSubmitted: false, ...due({ pastDue: ['business_type'] }) },
      'onboarding',
    ],
    [
      'has asked for nothing',
      { capabilities: {}, detailsSubmitted: false, payoutsEnabled: false },
      'onboarding',
    ],
    [
      'is being verified',
      {
        ...pending,
        ...due({
          disabledReason: 'requirements.pending_verification',
          pendingVerification: ['individual.id_number'],
        }),
      },
      'onboarding',
    ],
    ['waits for Stripe', { ...pending, ...due({ disabledReason: 'under_review' }) }, 'onboarding'],
    [
      'is verified and has something due',
      { ...pending, ...due({ currentlyDue: ['individual.phone'] }) },
      'restricted',
    ],
    [
      'is verified and has it due for long',
      { ...pending, ...due({ pastDue: ['individual.phone'] }) },
      'restricted',
    ],
    [
      'has something due by a deadline',
      due({ currentlyDue: ['company.tax_id'], currentDeadline: NOW }),
      'restricted_soon',
    ],
    ['has something due by no deadline', due({ currentlyDue: ['company.tax_id'] }), 'enabled'],
    ['may charge and not be paid out', { payoutsEnabled: false }, 'restricted'],
    ['is past due with capabilities left', due({ pastDue: ['external_account'] }), 'restricted'],
    ['is disabled', due({ disabledReason: 'platform_paused' }), 'restricted'],
    ['lost a capability', { capabilities: { transfers: 'active', card_payments: 'inactive' } }, 'restricted'],
    ['lost all of them', inactive, 'restricted'],
    ['is rejected', { ...inactive, ...due({ disabledReason: 'rejected.fraud' }) }, 'rejected'],
  ])('that %s', (_, changes, status) => {
    expect(accountStatus(accountFacts(changes))).toBe(status);
  });
});

describe('an account', () => {
  const born = newAccount('seller-1', NOW, false);
  const following = (...events: AccountEvent[]): Account => events.reduce(transitionAccount, born);
  const observed = { type: 'account_observed', facts: accountFacts() } as const;

  it.each<[string, AccountEvent[], string, boolean]>([
    ['nothing', [], 'onboarding', false],
    ['it was seen at Stripe', [observed], 'enabled', false],
    ['it was disconnected', [observed, { type: 'account_disconnected' }], 'disconnected', true],
    ['it was connected again', [observed, { type: 'account_disconnected' }, observed], 'enabled', false],
    ['Stripe refused to make it', [{ type: 'given_up' }], 'rejected', true],
    ['something else of it was given up', [observed, { type: 'given_up' }], 'enabled', false],
  ])('after %s', (_, events, status, closed) => {
    const account = following(...events);
    expect([statusOfAccount(account), isAccountClosed(account)]).toEqual([status, closed]);
  });

  it('shows what is stuck until it is not', () => {
    const raised = { type: 'attention_raised', attention: attention() } as const;
    expect(following(observed, raised).attention).toEqual(attention());
    expect(following(observed, raised, { type: 'attention_cleared' }).attention).toBeNull();
  });

  it('that cannot be read asks for somebody from the first failure on, until it can', () => {
    const failed = (from: Account, code: string, at: number) =>
      transitionAccount(from, { type: 'reading_failed', failure: { code, message: 'No.' }, at });
    const known = transitionAccount(newAccount('seller', NOW, false), {
      type: 'account_observed',
      facts: accountFacts(),
    });
    expect(accountNotices(known)).toEqual([]);
    const unread = failed(failed(known, 'api_error', NOW), 'permission_error', NOW + 1);
    expect(accountNotices(unread)).toMatchObject([
      { code: 'reading_failed', subject: 'acct_seller', since: NOW, allowedActions: [] },
    ]);
    expect(accountNotices(unread)[0]?.message).toContain('permission_error: No.');
    expect(accountNotices(failed(newAccount('seller', NOW, false), 'api_error', NOW))).toMatchObject([
      { subject: 'seller' },
    ]);
    const ends: AccountEvent[] = [
      { type: 'reading_failed', failure: null, at: NOW },
      { type: 'account_observed', facts: accountFacts() },
      { type: 'account_disconnected' },
    ];
    for (const end of ends) expect(accountNotices(transitionAccount(unread, end))).toEqual([]);
  });

  it('never becomes another one', () => {
    const other = { type: 'account_observed', facts: accountFacts({ id: 'acct_other' }) } as const;
    expect(() => following(observed, other)).toThrow(IllegalTransition);
  });
});
