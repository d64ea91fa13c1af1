import { describe, expect, it } from 'vitest';
import { decode } from '../../api/http/decode.ts';
import { createOrderBody } from '../../api/orders/create-order-schema.ts';
import { brokenRuleOfOrder } from '../../api/orders/money-rules.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { CREATE_BODY } from './fixtures.ts';

const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

describe('the body of POST /v1/orders', () => {
  it.each<[sentence: string, change: object, param: string, detail: RegExp]>([
    ['an unknown field', { colour: 'red' }, 'colour', /^Unknown field: colour\.$/],
    ['a float amount', { amount: 10.5 }, 'amount', /integer number of minor units/],
    ['a negative amount', { amount: -1 }, 'amount', /greater than 0/],
    ['a zero amount', { amount: 0 }, 'amount', /greater than 0/],
    ['a string amount', { amount: '1000' }, 'amount', /^amount must be a number, not a string\.$/],
    ['a null amount', { amount: null }, 'amount', /^amount must be a number, not null\.$/],
    ['no amount', { amount: undefined }, 'amount', /^amount is required\.$/],
    ['an amount beyond twelve digits', { amount: 1e13 }, 'amount', /at most 999999999999/],
    ['a float fee', { application_fee_amount: 1.5 }, 'application_fee_amount', /integer/],
    ['a negative fee', { application_fee_amount: -5 }, 'application_fee_amount', /0 or more/],
    ['an uppercase currency', { currency: 'USD' }, 'currency', /lowercase three-letter/],
    ['an unknown currency', { currency: 'zzz' }, 'currency', /not a currency that Stripe presents in/],
    ['no currency', { currency: undefined }, 'currency', /is required/],
    ['an account that is a customer', { connected_account: 'cus_1' }, 'connected_account', /is a customer/],
    ['an account that has no name', { connected_account: 'a shop' }, 'connected_account', /1 to 64 letters/],
    ['no account', { connected_account: undefined }, 'connected_account', /is required/],
    ['no way to pay', { payment_method: undefined }, 'payment_method', /or token or customer is required/],
    ['a token beside a payment method', { token: 'tok_visa' }, 'token', /together with/],
    [
      'a token beside a customer',
      { payment_method: undefined, token: 'tok_visa', customer: 'cus_1' },
      'token',
      /together with/,
    ],
    ['a payment method of another kind', { payment_method: 'tok_visa' }, 'payment_method', /pm_/],
    ['an id with a slash', { id: 'a/b' }, 'id', /1 to 64/],
    [
      'an on_behalf_of that names an account',
      { on_behalf_of: 'acct_1' },
      'on_behalf_of',
      /a boolean, not a string/,
    ],
    ['an unknown capture method', { capture_method: 'later' }, 'capture_method', /one of manual, automatic/],
    ['a nested metadata value', { metadata: { a: { b: 1 } } }, 'metadata[a]', /a string, not an object/],
    ['a reserved metadata key', { metadata: { waybill_order: 'x' } }, 'metadata[waybill_order]', /prefix/],
    ['too many metadata keys beside Waybill’s three', { metadata: keys(48) }, 'metadata', /at most 47/],
    ['a long metadata key', { metadata: { ['k'.repeat(41)]: 'v' } }, `metadata[${'k'.repeat(41)}]`, /40/],
    ['a long metadata value', { metadata: { k: 'v'.repeat(501) } }, 'metadata[k]', /at most 500/],
    ['a long description', { description: 'd'.repeat(1001) }, 'description', /at most 1000/],
    ['a plain http return_url', { return_url: 'http://x.test' }, 'return_url', /https/],
    [
      'a suffix without letters',
      { statement_descriptor_suffix: '12' },
      'statement_descriptor_suffix',
      /letter/,
    ],
    [
      'a suffix that is not Latin',
      { statement_descriptor_suffix: 'ваза' },
      'statement_descriptor_suffix',
      /Latin/,
    ],
    [
      'a suffix that no prefix leaves room for',
      { statement_descriptor_suffix: 'x'.repeat(19) },
      'statement_descriptor_suffix',
      /at most 18/,
    ],
    [
      'a suffix with an asterisk',
      { statement_descriptor_suffix: 'VASE*1' },
      'statement_descriptor_suffix',
      /none of/,
    ],
  ])('refuses %s, naming the field', (_sentence, change, param, detail) => {
    const refusal = refusalOf({ ...CREATE_BODY, ...change });
    expect(refusal).toMatchObject({ code: 'invalid_request', param, detail: expect.stringMatching(detail) });
  });

  it.each([[[]], ['text'], [null], [7]])('refuses a body that is %j', (body) => {
    expect(refusalOf(body).detail).toMatch(/^The body must be an object/);
  });

  it.each<[string, object]>([
    ['a token', { payment_method: undefined, token: 'tok_visa' }],
    ['a customer alone', { payment_method: undefined, customer: 'cus_1' }],
    ['as many metadata keys as Waybill’s three leave', { metadata: keys(47) }],
    ['500 emoji, which are 500 characters', { metadata: { k: '🎉'.repeat(500) } }],
    ['a suffix with an umlaut', { statement_descriptor_suffix: 'GRÜNE VASE NR. 123' }],
    ['a customer with one of its payment methods', { customer: 'cus_1' }],
  ])('accepts %s', (_sentence, change) => {
    expect(() => decode(createOrderBody, { ...CREATE_BODY, ...change })).not.toThrow();
  });

  it('fills in what is not said', () => {
    expect(decode(createOrderBody, CREATE_BODY)).toMatchObject({
      capture_method: 'manual',
      on_capture_expiry: 'cancel',
      on_behalf_of: false,
      off_session: false,
      metadata: {},
    });
  });
});

describe('the rules of money of a new order', () => {
  it.each<[string, object, string]>([
    ['a fee above the amount', { application_fee_amount: 1001 }, 'application_fee_amount'],
    [
      'a transfer above the amount',
      { application_fee_amount: undefined, transfer_amount: 1001 },
      'transfer_amount',
    ],
    ['fee and transfer together', { transfer_amount: 1 }, 'application_fee_amount'],
    ["an amount below Stripe's minimum", { amount: 49, application_fee_amount: 1 }, 'amount'],
    [
      'an amount below the minimum of its currency',
      { amount: 299, currency: 'nok', application_fee_amount: 1 },
      'amount',
    ],
    ['dinars that do not end in 0', { amount: 5125, currency: 'kwd' }, 'amount'],
    ['a hundredth of a krona', { amount: 50_050, currency: 'isk' }, 'amount'],
  ])('refuse %s', (_sentence, change, param) => {
    const body = decode(createOrderBody, { ...CREATE_BODY, ...change });
    expect(brokenRuleOfOrder(body)).toMatchObject({ code: 'money_rule', param });
  });

  it('take a fee of 0 for no fee', () => {
    const change = { application_fee_amount: 0, transfer_amount: 877 };
    expect(brokenRuleOfOrder(decode(createOrderBody, { ...CREATE_BODY, ...change }))).toBeNull();
  });

  it('allow a fee of the whole amount', () => {
    const body = decode(createOrderBody, { ...CREATE_BODY, application_fee_amount: 1000 });
    expect(brokenRuleOfOrder(body)).toBeNull();
  });
});

function refusalOf(body: unknown) {
  try {
    decode(createOrderBody, body);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('not refused');
}
