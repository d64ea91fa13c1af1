import { describe, expect, it } from 'vitest';
import {
  refusalOfReversal,
  reversalsOfTransfer,
  reversedStatus,
  reversibleTransfer,
} from '../../../domain/orders/transfer-reversals.ts';
import { adjustment, feeRefund, orderIn, transfer } from '../../support/builders.ts';

const special = transfer({ id: 'tr_special', amount: 500 });
const order = {
  ...orderIn('succeeded'),
  transfers: [special],
  adjustments: [
    adjustment({ id: 'trr_1', amount: 50 }),
    adjustment({ id: 'trr_own', transfer: 'tr_own', amount: 7 }),
    feeRefund(),
    adjustment({ id: 'trr_2', amount: 100 }),
  ],
};

describe("what was taken back of an order's special-case transfer", () => {
  it('is every reversal of that transfer, and of no other', () => {
    expect(reversalsOfTransfer(order, 'tr_special').map(({ id }) => id)).toEqual(['trr_1', 'trr_2']);
    expect(reversibleTransfer(special, order)).toEqual({
      amount: 500,
      amountReversed: 150,
      currency: 'usd',
    });
  });

  it.each([
    [0, 'paid'],
    [1, 'partially_reversed'],
    [499, 'partially_reversed'],
    [500, 'reversed'],
  ] as const)('makes it %s of 500: %s', (amountReversed, status) => {
    expect(reversedStatus({ amount: 500, amountReversed })).toBe(status);
  });
});

describe('a reversal', () => {
  const left = { amount: 500, amountReversed: 150, currency: 'usd' };
  it.each([null, 1, 350])('of %s is carried out while that much is left', (asked) => {
    expect(refusalOfReversal(left, asked)).toBeNull();
  });

  it('of more than is left is refused, and names what is left', () => {
    expect(refusalOfReversal(left, 351)).toMatchObject({
      code: 'money_rule',
      param: 'amount',
      detail: expect.stringContaining('3.50'),
    });
  });

  it.each([null, 1])('of %s is refused once nothing is left', (asked) => {
    expect(refusalOfReversal({ ...left, amountReversed: 500 }, asked)).toMatchObject({
      code: 'state_conflict',
    });
  });
});
