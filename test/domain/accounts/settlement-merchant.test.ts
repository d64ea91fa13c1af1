import { describe, expect, it } from 'vitest';
import type { AccountFacts } from '../../../domain/accounts/account.ts';
import {
  canSettle,
  inOneRegion,
  refusalOfDestination,
  refusalOfSuffix,
  settlementMerchantOf,
} from '../../../domain/accounts/settlement-merchant.ts';
import { accountFacts, NOTHING_DUE } from '../../support/builders.ts';

const platform = accountFacts({ id: 'acct_platform', statementDescriptor: 'PLATFORM' });
const german = accountFacts({
  country: 'DE',
  currency: 'eur',
  statementDescriptor: 'LADEN',
  payoutSchedule: { interval: 'daily', delayDays: 7, weeklyAnchor: null, monthlyAnchor: null },
});

describe('the settlement merchant', () => {
  it('is the platform, unless the charge is on behalf of the connected account', () => {
    expect(settlementMerchantOf(platform, german, false)).toEqual({
      merchant: 'platform',
      country: 'US',
      currency: 'usd',
      statementDescriptor: 'PLATFORM',
      delayDays: 2,
    });
    expect(settlementMerchantOf(platform, german, true)).toEqual({
      merchant: german.id,
      country: 'DE',
      currency: 'eur',
      statementDescriptor: 'LADEN',
      delayDays: 7,
    });
    expect(settlementMerchantOf(platform, { ...german, payoutSchedule: null }, true).delayDays).toBeNull();
  });
});

describe('a suffix on the customer’s statement', () => {
  const shop = { ...platform, statementDescriptorPrefix: 'MARKET' };
  const seller = { ...german, statementDescriptorPrefix: 'LADENZEILE' };
  it.each([
    ['fills it behind the platform’s prefix', false, 'x'.repeat(14), null],
    ['is too long behind it', false, 'x'.repeat(15), /15 characters.*"MARKET\* " leaves 14/],
    ['fills it behind the account’s prefix', true, 'x'.repeat(10), null],
    ['is too long behind that', true, 'x'.repeat(11), /"LADENZEILE\* " leaves 10/],
  ])('%s', (_, onBehalfOf, suffix, why) => {
    const refusal = refusalOfSuffix(shop, seller, onBehalfOf, suffix);
    if (why === null) expect(refusal).toBeNull();
    else
      expect(refusal).toMatchObject({
        param: 'statement_descriptor_suffix',
        detail: expect.stringMatching(why),
      });
  });

  it('is left to Stripe where nobody set a prefix', () => {
    expect(refusalOfSuffix(platform, german, false, 'x'.repeat(18))).toBeNull();
  });
});

describe('an order for an account', () => {
  type Row = [string, Partial<AccountFacts>, boolean, RegExp | null];
  it.each<Row>([
    ['that can take it', {}, false, null],
    ['in the open region', { country: 'DE' }, false, null],
    ['abroad, on its behalf', { country: 'JP' }, true, null],
    ['whose country is not known', { country: null }, false, null],
    ['abroad', { country: 'JP' }, false, /JP, outside the region of the platform \(US\).*on_behalf_of/],
    ['abroad, a recipient', { country: 'IN', serviceAgreement: 'recipient' }, false, null],
    [
      'that is a recipient, on its behalf',
      { serviceAgreement: 'recipient' },
      true,
      /recipient service agreement/,
    ],
    [
      'without transfers',
      { capabilities: {}, requirements: { ...NOTHING_DUE, currentlyDue: ['individual.dob.day'] } },
      false,
      /transfers \(unrequested\)\. Stripe requires: individual\.dob\.day\. Request it by POST \/v1\/accounts\/acct_\w+\/capabilities\./,
    ],
    [
      'that is late',
      {
        capabilities: { transfers: 'inactive' },
        requirements: { ...NOTHING_DUE, currentlyDue: ['a', 'b'], pastDue: ['b'] },
      },
      false,
      /Stripe requires: b\./,
    ],
    [
      'that is being verified',
      {
        capabilities: { transfers: 'pending' },
        requirements: { ...NOTHING_DUE, pendingVerification: ['individual.id_number'] },
      },
      false,
      /transfers \(pending\)\. Stripe is verifying: individual\.id_number\./,
    ],
    ['with legacy payments only', { capabilities: { legacy_payments: 'active' } }, false, null],
    [
      'without card_payments, on its behalf',
      { capabilities: { transfers: 'active', card_payments: 'inactive' } },
      true,
      /card_payments \(inactive\)\. on_behalf_of needs it\./,
    ],
    ['without card_payments', { capabilities: { transfers: 'active' } }, false, null],
    [
      'that is rejected',
      { requirements: { ...NOTHING_DUE, disabledReason: 'rejected.fraud' } },
      false,
      /rejected \(rejected\.fraud\)/,
    ],
  ])('%s', (_, changes, onBehalfOf, refusal) => {
    const problem = refusalOfDestination(platform, accountFacts(changes), onBehalfOf);
    if (refusal === null) expect(problem).toBeNull();
    else expect(problem).toMatchObject({ code: 'account_not_ready', detail: expect.stringMatching(refusal) });
  });

  it('of a platform abroad is refused for one at home with Stripe: the rule holds in both directions', () => {
    const japanese = accountFacts({ id: 'acct_platform', country: 'JP' });
    expect(refusalOfDestination(japanese, accountFacts(), false)).toMatchObject({
      detail: expect.stringContaining('in US, outside the region of the platform (JP)'),
    });
    expect(refusalOfDestination(japanese, accountFacts({ country: 'JP' }), false)).toBeNull();
    expect(
      refusalOfDestination(japanese, accountFacts({ serviceAgreement: 'recipient' }), false),
    ).not.toBeNull();
  });
});

it('the open region is one in itself, and every other country is one of its own', () => {
  expect([inOneRegion('US', 'DE'), inOneRegion('GB', 'CH'), inOneRegion('JP', 'JP')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([inOneRegion('US', 'JP'), inOneRegion('JP', 'SG')]).toEqual([false, false]);
});

it('who has card_payments can settle', () => {
  expect([canSettle(accountFacts()), canSettle(accountFacts({ capabilities: {} }))]).toEqual([true, false]);
});
