import { describe, expect, it } from 'vitest';
import type { OrderCommandBody } from '../../../domain/orders/order-command-table.ts';
import { stakeOf, withAmount } from '../../../domain/orders/stake.ts';
import { CAPTURED, orderIn, REFUND } from '../../api/fixtures.ts';
import { SETTLEMENT, transfer } from '../../support/builders.ts';

const refund = (amount?: number): OrderCommandBody => ({
  kind: 'refund',
  reverse_transfer: false,
  refund_application_fee: false,
  ...(amount === undefined ? {} : { amount }),
});
const resolve = (action: 'mark_done' | 'retry') => ({ kind: 'resolve', action, reason: 'why' }) as const;
const give: OrderCommandBody = { kind: 'transfer', amount: 50, description: 'Bonus' };
const refunded = orderIn(CAPTURED, { refunds: [REFUND] });
const settled = orderIn(
  { ...CAPTURED, settlement: { ...SETTLEMENT, currency: 'eur' } },
  { transfers: [transfer({ amount: 30, currency: 'eur' }), transfer({ id: 'tr_9', currency: 'usd' })] },
);

describe('the money that a command is about', () => {
  it.each<[string, ReturnType<typeof orderIn>, OrderCommandBody, object | null]>([
    ['a refund, with those before', refunded, refund(100), { amount: 100, total: 500, currency: 'usd' }],
    ['a refund of the rest', refunded, refund(), { what: 'refund', amount: 600, total: 1000 }],
    [
      'a transfer, with those before in its currency',
      settled,
      give,
      { amount: 50, total: 80, currency: 'eur' },
    ],
    ['a transfer before settlement', orderIn(CAPTURED), give, { amount: 50, total: 50, currency: 'usd' }],
    ['a transfer of what is not captured', orderIn({ status: 'pending' }), give, { currency: 'usd' }],
    ['what is marked as done', refunded, resolve('mark_done'), { what: 'mark_done', amount: 1000 }],
    ['no other decision', refunded, resolve('retry'), null],
  ])('%s', (_, order, command, expected) => {
    if (expected === null) expect(stakeOf(order, command)).toBeNull();
    else expect(stakeOf(order, command)).toMatchObject(expected);
  });

  it.each([
    'confirm',
    'capture',
    'increment',
    'update',
    'cancel',
    'reverse_transfer',
    'submit_evidence',
    'accept_dispute',
  ] as const)('is none that moves out or is written off with %s', (kind) => {
    expect(stakeOf(refunded, { kind } as OrderCommandBody)).toBeNull();
  });

  it('is fixed when it is asked for', () => {
    const stake = { what: 'refund', amount: 600, currency: 'usd', total: 600 };
    expect(withAmount(refund(), stake)).toEqual(refund(600));
    expect(withAmount(give, stake)).toBe(give);
  });
});
