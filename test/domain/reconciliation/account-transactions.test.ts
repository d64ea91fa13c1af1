import { describe, expect, it } from 'vitest';
import type { Order } from '../../../domain/orders/order.ts';
import { transition } from '../../../domain/orders/transition.ts';
import {
  foundOfBalance,
  foundOfEarlierBalance,
  foundOnAccount,
  UNSUMMED,
} from '../../../domain/reconciliation/account-findings.ts';
import type { PlatformMovement } from '../../../domain/reconciliation/account-transactions.ts';
import { classifyAccountTransaction } from '../../../domain/reconciliation/account-transactions.ts';
import type { Owner } from '../../../domain/reconciliation/balance-transactions.ts';
import { combine, NOTHING_FOUND, stillDiffering } from '../../../domain/reconciliation/reconciliation.ts';
import { adjustment, facts, NOW, orderIn, refund, SETTLEMENT, transfer } from '../../support/builders.ts';

const ACCOUNT = 'acct_1';
const connectedOf = (amount: number) => ({ connected: { usd: amount } });
/** 10.00 of which 8.77 reached the account, with a refund, a fee refund, a special-case transfer and a reversal of it. */
const ORDER: Order = {
  ...orderIn('succeeded', { settlement: SETTLEMENT }),
  refunds: [
    { ...refund(), ...connectedOf(-400), reversal: { id: 'trr_1', amount: 400, currency: 'usd' } },
    {
      ...refund({ id: 're_2' }),
      ...connectedOf(-200),
      reversal: { id: 'trr_2', amount: 300, currency: 'usd' },
      feeRefunds: ['fr_1'],
    },
  ],
  transfers: [{ ...transfer(), ...connectedOf(100) }],
  adjustments: [
    { ...adjustment({ id: 'trr_3' }), ...connectedOf(-50) },
    { ...adjustment({ id: 'trr_4' }), connected: {} },
    { ...adjustment({ id: 'fr_2' }), ...connectedOf(30) },
  ],
};
const TAKEN_BACK = transition(orderIn('succeeded'), {
  type: 'payment_observed',
  payment: facts('requires_payment_method', {
    latestCharge: 'ch_1',
    transfer: 'tr_1',
    chargeFailure: { code: 'account_closed', message: 'No.' },
  }),
});

const of = (order: Extract<Owner, { kind: 'order' }>['order'] = ORDER, isMarked = false): Owner => ({
  kind: 'order',
  orderId: 'order-1',
  subject: 'tr_1',
  isMarked,
  order,
});
const line = (net: number, type = 'payment') => ({
  ...{ id: 'txn_1', type, currency: 'usd', net, createdAt: NOW },
});
const by = (kind: PlatformMovement['kind'], id: string): PlatformMovement => ({ kind, id });
const outcomeOf = (owner: Owner, movement: PlatformMovement | null, net: number, type?: string) => {
  const verdict = classifyAccountTransaction(line(net, type), owner, movement);
  if (verdict.standing === 'matched' || verdict.standing === 'left_out') return verdict.standing;
  return verdict.standing === 'explained' ? verdict.reason : verdict.code;
};

describe('a line of a connected account', () => {
  it.each([
    ['what arrived of the payment', by('transfer', 'tr_1'), 877, 'matched'],
    ['another amount than the order says', by('transfer', 'tr_1'), 876, 'connected_differs'],
    ['a special-case transfer', by('transfer', 'tr_special'), 100, 'matched'],
    ['another amount of it', by('transfer', 'tr_special'), 101, 'connected_differs'],
    ['a transfer that the order does not know', by('transfer', 'tr_9'), 877, 'unknown_to_order'],
    ['what a refund took back', by('transfer_reversal', 'trr_1'), -400, 'matched'],
    ['another amount of it', by('transfer_reversal', 'trr_1'), -500, 'connected_differs'],
    ['what a refund took that gave back a fee too', by('transfer_reversal', 'trr_2'), -300, 'matched'],
    ['another amount of that', by('transfer_reversal', 'trr_2'), -200, 'connected_differs'],
    ['the fee that it gave back', by('fee_refund', 'fr_1'), 100, 'matched'],
    ['a reversal without a refund', by('transfer_reversal', 'trr_3'), -50, 'matched'],
    ['a reversal that another account paid', by('transfer_reversal', 'trr_4'), -50, 'matched'],
    ['a reversal that the order does not know', by('transfer_reversal', 'trr_9'), -50, 'unknown_to_order'],
    ['a fee given back without a refund', by('fee_refund', 'fr_2'), 30, 'matched'],
    ['another amount of it', by('fee_refund', 'fr_2'), 31, 'connected_differs'],
  ] as const)('%s', (_, movement, net, expected) => {
    expect(outcomeOf(of(), movement, net)).toBe(expected);
  });

  it('in another currency than a refund with a fee knows is only known in a sum', () => {
    const verdict = classifyAccountTransaction(
      { ...line(-270), currency: 'eur' },
      of(),
      by('transfer_reversal', 'trr_2'),
    );
    expect(verdict).toEqual({ standing: 'matched', orderId: 'order-1' });
  });

  it('is compared where the order knows the amount alone', () => {
    const unsettled = orderIn('succeeded', { settlement: null });
    const inParts = { ...ORDER, terms: { ...ORDER.terms, requestMulticapture: true } };
    expect(outcomeOf(of(unsettled), by('transfer', 'tr_1'), 1)).toBe('matched');
    expect(outcomeOf(of(TAKEN_BACK), by('transfer', 'tr_1'), 1)).toBe('matched');
    expect(outcomeOf(of(inParts), by('transfer', 'tr_1'), 1)).toBe('matched');
    const arrivedNothing = { ...ORDER, refunds: [{ ...refund(), ...ORDER.refunds[0], connected: {} }] };
    expect(outcomeOf(of(arrivedNothing), by('transfer_reversal', 'trr_1'), 0)).toBe('matched');
  });

  it.each([
    ['of a transfer that a person has looked at', of(ORDER, true), by('transfer', 'tr_9'), 'looked_at'],
    ['of an order that has ended', of('gone'), by('transfer', 'tr_1'), 'order_ended'],
    ['of a transfer without an order', { kind: 'transfer' }, by('transfer', 'tr_1'), 'special_case_transfer'],
    [
      'that the platform’s side reports',
      { kind: 'foreign', subject: 'tr_1' },
      by('transfer', 'tr_1'),
      'reported_on_platform',
    ],
    ['of an order that does not answer', of('unreadable'), by('transfer', 'tr_1'), 'reported_on_platform'],
    ['that Stripe does not explain', { kind: 'unexpanded' }, null, 'unknown_type'],
    ['of what Stripe holds back for risk', { kind: 'other_balance' }, null, 'left_out', 'reserve_hold'],
    ['of a payout', { kind: 'platform' }, null, 'payout', 'payout'],
    ['of its own customers', { kind: 'foreign', subject: 'ch_1' }, null, 'account_business', 'charge'],
  ] as const)('%s', (_, owner, movement, expected, type?: string) => {
    expect(outcomeOf(owner as Owner, movement, 5, type)).toBe(expected);
  });
});

describe('a difference on a connected account', () => {
  const differing = foundOnAccount(
    ACCOUNT,
    line(7),
    { standing: 'unexplained', code: 'connected_differs', orderId: 'order-1' },
    { expectedSince: NOW },
  );

  it('names the account, and counts in no total of the platform', () => {
    expect(differing.differences).toMatchObject([{ account: ACCOUNT, transaction: 'txn_1', amount: 7 }]);
    expect(differing.transactions).toEqual({});
    expect(differing.connected.transactions).toEqual({ usd: { unexplained: { count: 1, amount: 7 } } });
    expect(stillDiffering(differing)).toEqual(differing);
  });

  it('adds up with those of other accounts', () => {
    const { connected, differenceCount } = [differing, differing, UNSUMMED].reduce(combine, NOTHING_FOUND);
    expect(differenceCount).toBe(2);
    expect(connected.transactions).toEqual({ usd: { unexplained: { count: 2, amount: 14 } } });
    expect(connected.accounts).toEqual({ agreeing: 0, differing: 0, pending: 0, unsummed: 1 });
  });
});

describe('the balance of a connected account', () => {
  const summed = (held: object, movedAt = NOW) =>
    foundOfBalance(
      { id: ACCOUNT, held: { ...held }, moved: { usd: 100, eur: 5 }, movedAt },
      { expectedSince: NOW },
    );

  it('agrees if it is the sum of its transactions', () => {
    expect(summed({ eur: 5, usd: 100 }).connected.accounts).toMatchObject({ agreeing: 1, differing: 0 });
  });

  it('differs by currency', () => {
    const { differences, differenceCount, connected } = summed({ usd: 93 });
    expect(differences).toMatchObject([
      { id: 'acct_1:usd', code: 'balance_differs', account: ACCOUNT, amount: -7, currency: 'usd' },
      { id: 'acct_1:eur', code: 'balance_differs', account: ACCOUNT, amount: -5, currency: 'eur' },
    ]);
    expect([differenceCount, connected.accounts.differing]).toEqual([2, 1]);
  });

  it('that differed before goes on differing however lately its money moved, until it agrees', () => {
    const again = (usd: number) =>
      combine(UNSUMMED, foundOfEarlierBalance({ id: ACCOUNT, held: { usd }, moved: {}, movedAt: NOW }));
    expect(again(7)).toMatchObject({
      differenceCount: 1,
      connected: { accounts: { differing: 1, unsummed: 0 } },
    });
    expect(again(0)).toMatchObject({
      differenceCount: 0,
      connected: { accounts: { differing: 0, unsummed: 1 } },
    });
  });

  it('may yet agree while money moves', () => {
    expect(summed({}, NOW + 1)).toMatchObject({
      differenceCount: 0,
      connected: { accounts: { pending: 1 } },
    });
  });
});
