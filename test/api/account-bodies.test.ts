import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  addExternalAccountBody,
  capabilitiesBody,
  createAccountBody,
  onboardingLinkBody,
  payoutScheduleBody,
  updateAccountBody,
} from '../../api/accounts/account-commands-schema.ts';
import { addPersonBody } from '../../api/accounts/identity-schema.ts';
import { attachBody, createCustomerBody } from '../../api/customers/customer-schema.ts';
import { decode } from '../../api/http/decode.ts';
import { evidenceBody } from '../../api/orders/evidence-schema.ts';
import { ACCOUNT_COMMANDS } from '../../domain/accounts/account-command-table.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { BANK, completeAccount, SELLER, secretsIn } from '../support/sellers.ts';

function refusalOf(schema: z.ZodType, body: unknown) {
  try {
    decode(schema, body);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('it was accepted');
}

type Row = [string, object, string, RegExp];

const MUCH_EVIDENCE = Object.fromEntries(
  [
    ...['access_activity_log', 'billing_address', 'cancellation_rebuttal', 'customer_name'],
    ...['product_description', 'refund_refusal_explanation', 'service_date', 'uncategorized_text'],
  ].map((name) => [name, 'x'.repeat(20_000)]),
);

const COMPLETE = completeAccount('seller-1');
const { individual: _, tos_shown_and_accepted: __, business_type: ___, ...BARE } = COMPLETE;

describe('the body of POST /v1/accounts', () => {
  it('is taken when it is right', () => {
    expect(createAccountBody.safeParse(COMPLETE).success).toBe(true);
    expect(createAccountBody.safeParse({ controller: {}, account_token: 'ct_1' }).success).toBe(true);
  });

  it.each<Row>([
    ['neither type nor controller', { type: undefined }, 'type', /or controller is required/],
    ['both of them', { controller: {} }, 'controller', /together with type/],
    ['another type', { type: 'managed' }, 'type', /one of custom, express, standard/],
    ['an id of Stripe’s', { id: 'acct_mine' }, 'id', /must not start with acct_/],
    ['an id of a customer', { id: 'cus_mine' }, 'id', /must not start with acct_ or cus_/],
    ['an id with a slash', { id: 'a/b' }, 'id', /1 to 64/],
    ['a country by name', { country: 'Germany' }, 'country', /two-letter/],
    ['an unknown field', { bank: {} }, 'bank', /Unknown field/],
    [
      'an unknown field of a person',
      { individual: { ...SELLER, shoe_size: 42 } },
      'individual[shoe_size]',
      /Unknown/,
    ],
    [
      'a birthday as text',
      { individual: { dob: '1961-11-17' } },
      'individual[dob]',
      /an object, not a string/,
    ],
    [
      'a month too many',
      { individual: { dob: { day: 1, month: 13, year: 1961 } } },
      'individual[dob][month]',
      /12/,
    ],
    [
      'more than four digits',
      { individual: { ssn_last_4: '900617351' } },
      'individual[ssn_last_4]',
      /four digits/,
    ],
    ['a person and a company', { company: { name: 'x' } }, 'company', /together with individual/],
    [
      'identity without the agreement',
      { tos_shown_and_accepted: undefined },
      'tos_shown_and_accepted',
      /agreement/,
    ],
    [
      'an agreement that was not accepted',
      { tos_shown_and_accepted: false },
      'tos_shown_and_accepted',
      /true/,
    ],
    ['identity beside its token', { account_token: 'ct_1' }, 'individual', /the token says it/],
    ['a token of a card as its identity', { account_token: 'tok_1' }, 'account_token', /ct_/],
    [
      'a bank account without a number',
      { external_account: { country: 'US', currency: 'usd' } },
      'external_account',
      /account_number/,
    ],
    [
      'a debit card in the clear',
      { external_account: { number: '4000056655665556' } },
      'external_account',
      /token/,
    ],
    [
      'a customer’s payment method to be paid out to',
      { external_account: 'pm_1' },
      'external_account',
      /tok_/,
    ],
    ['capabilities as an object', { capabilities: { transfers: true } }, 'capabilities', /an array/],
    ['no capabilities', { capabilities: [] }, 'capabilities', /at least 1/],
    [
      'card_payments of a recipient',
      { service_agreement: 'recipient' },
      'capabilities',
      /recipient service agreement/,
    ],
    [
      'a plain http page',
      { business_profile: { url: 'http://shop.example.com' } },
      'business_profile[url]',
      /https/,
    ],
    [
      'a reserved metadata key',
      { metadata: { waybill_account: 'x' } },
      'metadata[waybill_account]',
      /prefix/,
    ],
    [
      'a schedule without its anchor',
      { payout_schedule: { interval: 'weekly' } },
      'payout_schedule[weekly_anchor]',
      /required/,
    ],
  ])('is refused with %s, naming the field and none of what it holds', (_sentence, change, param, detail) => {
    const refusal = refusalOf(createAccountBody, { ...COMPLETE, ...change });
    expect(refusal).toMatchObject({ code: 'invalid_request', param, detail: expect.stringMatching(detail) });
    expect(secretsIn(JSON.stringify(refusal))).toEqual([]);
  });

  it('needs no identity', () => {
    expect(createAccountBody.safeParse(BARE).success).toBe(true);
  });
});

describe('other bodies about accounts and customers', () => {
  it.each<[string, z.ZodType, object, string | undefined, RegExp]>([
    ['a change of nothing', updateAccountBody, {}, undefined, /changes nothing/],
    ['a change of its type', updateAccountBody, { type: 'custom' }, 'type', /Unknown field/],
    ['a person without a name for the field', addPersonBody, { name: 'Z' }, 'name', /Unknown field/],
    [
      'more than all of a company',
      addPersonBody,
      { relationship: { percent_ownership: 101 } },
      'relationship[percent_ownership]',
      /100/,
    ],
    ['no external account', addExternalAccountBody, {}, 'external_account', /token/],
    [
      'a payout every year',
      payoutScheduleBody,
      { interval: 'yearly' },
      'interval',
      /manual, daily, weekly, monthly/,
    ],
    [
      'a weekday for every month',
      payoutScheduleBody,
      { interval: 'monthly', monthly_anchor: 1, weekly_anchor: 'friday' },
      'weekly_anchor',
      /weekly only/,
    ],
    [
      'a day of the month for every day',
      payoutScheduleBody,
      { interval: 'daily', monthly_anchor: 1 },
      'monthly_anchor',
      /monthly only/,
    ],
    [
      'half a day of delay',
      payoutScheduleBody,
      { interval: 'daily', delay_days: 0.5 },
      'delay_days',
      /integer/,
    ],
    [
      'a capability in words',
      capabilitiesBody,
      { capabilities: ['Card payments'] },
      'capabilities[0]',
      /capability/,
    ],
    [
      'a reason of one’s own',
      ACCOUNT_COMMANDS.reject.message,
      { reason: 'rude' },
      'reason',
      /fraud, terms_of_service, other/,
    ],
    ['a link that leads nowhere', onboardingLinkBody, { return_url: 'shop' }, 'return_url', /https URL/],
    [
      'a customer with a card number',
      createCustomerBody,
      { number: '4242424242424242' },
      'number',
      /Unknown field/,
    ],
    ['an e-mail address that is none', createCustomerBody, { email: 'jenny' }, 'email', /e-mail/],
    ['a longer number than Stripe takes', createCustomerBody, { phone: '1'.repeat(21) }, 'phone', /20/],
    ['a longer name than Stripe takes', addPersonBody, { first_name: 'x'.repeat(101) }, 'first_name', /100/],
    [
      'more evidence than Stripe takes in all',
      evidenceBody,
      { submit: true, evidence: MUCH_EVIDENCE },
      'evidence',
      /at most 150000/,
    ],
    ['nothing to attach', attachBody, {}, 'payment_method', /or token is required/],
    [
      'two things to attach',
      attachBody,
      { payment_method: 'pm_1', token: 'tok_1' },
      'payment_method',
      /or token is required/,
    ],
    [
      'a bank account to be charged',
      attachBody,
      { payment_method: 'ba_1' },
      'payment_method',
      /never charged from it/,
    ],
  ])('refuse %s', (_, schema, body, param, detail) => {
    const refusal = refusalOf(schema, body);
    expect(refusal).toMatchObject({ code: 'invalid_request', detail: expect.stringMatching(detail) });
    expect(refusal.param).toBe(param);
  });

  it('take a bank account in the clear, and tokens', () => {
    for (const external_account of [BANK, 'btok_1', 'tok_visa_debit']) {
      expect(addExternalAccountBody.safeParse({ external_account }).success).toBe(true);
    }
  });
});
