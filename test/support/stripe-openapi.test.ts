import { beforeAll, expect, it } from 'vitest';
import { needs } from './needs.ts';
import { noGo } from './stripe-mock.ts';
import { loadStripeOpenApi, type StripeOpenApi } from './stripe-openapi.ts';

const TRANSFER = {
  id: 'tr_1',
  object: 'transfer',
  amount: 877,
  amount_reversed: 0,
  balance_transaction: 'txn_1',
  created: 1_700_000_000,
  currency: 'usd',
  description: null,
  destination: 'acct_1',
  destination_payment: 'py_1',
  livemode: false,
  metadata: {},
  reversals: { object: 'list', data: [], has_more: false, url: '/v1/transfers/tr_1/reversals' },
  reversed: false,
  source_transaction: 'ch_1',
  source_type: 'card',
  transfer_group: 'group_pi_1',
};

const REVERSAL = {
  id: 'trr_1',
  object: 'transfer_reversal',
  amount: 100,
  balance_transaction: null,
  created: 1_700_000_000,
  currency: 'usd',
  destination_payment_refund: null,
  metadata: {},
  source_refund: null,
  transfer: 'tr_1',
};

needs(noGo)("Stripe's OpenAPI description as a judge of responses", () => {
  let api: StripeOpenApi;

  beforeAll(async () => {
    api = await loadStripeOpenApi();
  });

  const judge = (body: unknown, path = '/v1/transfers/tr_1', status = 200) =>
    api.violations({ method: 'GET', path, status, body });

  it('finds nothing wrong with a transfer as Stripe sends it, expanded fields included', () => {
    expect(judge(TRANSFER)).toEqual([]);
    expect(judge({ ...TRANSFER, reversals: { ...TRANSFER.reversals, data: [REVERSAL] } })).toEqual([]);
    const expanded = { ...REVERSAL, transfer: TRANSFER };
    expect(judge({ ...TRANSFER, reversals: { ...TRANSFER.reversals, data: [expanded] } })).toEqual([]);
  });

  it.each([
    ['a number as text', { amount: '877' }, '/amount must be integer'],
    ['a fraction', { amount: 8.77 }, '/amount must be integer'],
    ['null where it is never null', { reversed: null }, '/reversed must be boolean'],
    ['another object', { object: 'charge' }, '/object must be equal to one of the allowed values: transfer'],
    ['an upper-case currency', { currency: 'USD' }, '/currency must match format "currency"'],
    ['a number in an expandable field', { destination: 7 }, '/destination is a number, but must be a string'],
  ])('names the field of %s', (_, change, expected) => {
    expect(judge({ ...TRANSFER, ...change })).toEqual([expect.stringContaining(expected)]);
  });

  it('names a missing field, also deep inside an expanded object', () => {
    const { currency: _, ...poor } = TRANSFER;
    expect(judge(poor)).toEqual(["(body) must have required property 'currency'"]);
    const nested = {
      ...TRANSFER,
      reversals: { ...TRANSFER.reversals, data: [{ ...REVERSAL, transfer: poor }] },
    };
    expect(judge(nested)).toEqual(["/reversals/data/0/transfer must have required property 'currency'"]);
  });

  it('refuses an expanded object of another kind', () => {
    const [first] = judge({ ...TRANSFER, balance_transaction: { ...REVERSAL } });
    expect(first).toContain('/balance_transaction ');
  });

  it('judges an error by the error schema', () => {
    const error = { error: { type: 'invalid_request_error', message: 'No such transfer' } };
    expect(judge(error, '/v1/transfers/tr_0', 404)).toEqual([]);
    expect(judge({ error: { type: 'oops' } }, '/v1/transfers/tr_0', 404)).toHaveLength(1);
  });

  it('says so when Stripe has no such endpoint', () => {
    expect(judge({}, '/v1/transfer')).toEqual(['Stripe describes no GET /v1/transfer']);
  });

  it('lists fields that Stripe does not document', () => {
    const body = {
      ...TRANSFER,
      ammount: 1,
      reversals: { ...TRANSFER.reversals, data: [{ ...REVERSAL, x: 1 }] },
    };
    expect(
      api.undocumentedFields({ method: 'GET', path: '/v1/transfers/tr_1', status: 200, body }),
    ).toStrictEqual(['transfer.ammount', 'transfer_reversal.x']);
  });
});
