import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { accountResource } from '../../../api/accounts/account-schema.ts';
import { presentAccount } from '../../../api/accounts/present-account.ts';

const REJECTED = {
  requirement: 'individual.verification.document',
  code: 'verification_document_expired',
  reason: 'The document has expired.',
};
const ACCOUNT = {
  id: 'acct_1',
  object: 'account',
  type: 'custom',
  details_submitted: true,
  requirements: { past_due: [REJECTED.requirement], errors: [REJECTED] },
} as unknown as Stripe.Account;
const BANK = { id: 'ba_1', object: 'bank_account', last4: '6789', currency: 'usd', status: 'errored' };
const CARD = { id: 'card_1', object: 'card', brand: 'Visa', last4: '5556', currency: 'usd' };

it('an account shows why Stripe did not accept what was given, and which bank account gets no payouts', () => {
  const external = [BANK, CARD] as unknown as Stripe.ExternalAccount[];
  const { requirements, external_accounts: shown } = accountResource.parse(presentAccount(ACCOUNT, external));
  expect(requirements).toMatchObject({ past_due: [REJECTED.requirement], errors: [REJECTED] });
  expect(shown.map(({ id, status }) => [id, status])).toEqual([
    ['ba_1', 'errored'],
    ['card_1', null],
  ]);
});

it('an account of which Stripe says nothing has no such reasons', () => {
  const { requirements } = presentAccount(
    { ...ACCOUNT, requirements: undefined } as unknown as Stripe.Account,
    [],
  );
  expect(requirements.errors).toEqual([]);
});

it.each([
  [
    'what',
    { currently_due: ['company.tax_id'], current_deadline: 1_900_000_000 },
    '2030-03-17T17:46:40.000Z',
  ],
  ['nothing', undefined, null],
])('an account shows that Stripe announces %s', (_, future, deadline) => {
  const account = { ...ACCOUNT, future_requirements: future } as unknown as Stripe.Account;
  expect(accountResource.parse(presentAccount(account, [])).future_requirements).toEqual({
    currently_due: future?.currently_due ?? [],
    current_deadline: deadline,
  });
});
