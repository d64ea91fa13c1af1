import { describe, expect, it } from 'vitest';
import { createOrderBody } from '../../../api/orders/create-order-schema.ts';
import type { DestinationCharge } from '../../../api/orders/from-destination-charge.ts';
import { fromDestinationCharge } from '../../../api/orders/from-destination-charge.ts';
import { ACCOUNT } from '../fixtures.ts';

const CHARGE: DestinationCharge = { amount: 1000, currency: 'usd', source: 'tok_visa', destination: ACCOUNT };

describe('parameters of a deprecated destination charge', () => {
  it.each<[string, Partial<DestinationCharge>, object]>([
    [
      'make the account the settlement merchant, as they did by themselves',
      {},
      { token: 'tok_visa', connected_account: ACCOUNT, on_behalf_of: true, capture_method: 'automatic' },
    ],
    [
      'give the account its own amount',
      { destination: { account: ACCOUNT, amount: 877 } },
      { transfer_amount: 877 },
    ],
    ['take a fee by its old name', { application_fee: 123 }, { application_fee_amount: 123 }],
    ['take a fee by its new name', { application_fee_amount: 123 }, { application_fee_amount: 123 }],
    ['only authorize', { capture: false }, { capture_method: 'manual' }],
    [
      'charge a customer’s payment method',
      { customer: 'cus_1', source: 'pm_1' },
      { customer: 'cus_1', payment_method: 'pm_1' },
    ],
    [
      'keep what is told of it',
      { description: 'a vase', metadata: { cart: '7' }, statement_descriptor_suffix: 'VASE' },
      { description: 'a vase', metadata: { cart: '7' }, statement_descriptor_suffix: 'VASE' },
    ],
  ])('%s', (_, change, expected) => {
    const body = fromDestinationCharge({ ...CHARGE, ...change });
    expect(body).toMatchObject(expected);
    expect(createOrderBody.safeParse(body).success).toBe(true);
  });

  it('charge a customer’s default', () => {
    const { source: _, ...charge } = CHARGE;
    expect(fromDestinationCharge({ ...charge, customer: 'cus_1' })).not.toHaveProperty('payment_method');
  });

  it.each<[string, object, string, RegExp]>([
    ['nobody who pays', { source: undefined }, 'source', /Must provide source or customer/],
    ['a card of a customer', { customer: 'cus_1', source: 'card_1' }, 'source', /save the card/],
    ['what an order has not', { receipt_email: 'a@b.example' }, 'receipt_email', /no counterpart/],
  ])('with %s are refused', (_, change, param, detail) => {
    const convert = () => fromDestinationCharge({ ...CHARGE, ...change } as DestinationCharge);
    expect(convert).toThrow(expect.objectContaining({ problem: expect.objectContaining({ param }) }));
    expect(convert).toThrow(detail);
  });
});
