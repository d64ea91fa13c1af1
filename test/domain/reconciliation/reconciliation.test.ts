import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Order } from '../../../domain/orders/order.ts';
import { transition } from '../../../domain/orders/transition.ts';
import type { Owner, Transaction, Verdict } from '../../../domain/reconciliation/balance-transactions.ts';
import { classifyTransaction } from '../../../domain/reconciliation/balance-transactions.ts';
import type { Findings } from '../../../domain/reconciliation/reconciliation.ts';
import {
  combine,
  DIFFERENCES_MAX,
  differing,
  foundOfOrder,
  foundOfTransaction,
  NOTHING_FOUND,
  stillDiffering,
} from '../../../domain/reconciliation/reconciliation.ts';
import { facts, NOW, orderIn, refund, transfer, wonDispute } from '../../support/builders.ts';

const PATIENCE = { expectedSince: NOW };

function transaction(changes: Partial<Transaction> = {}): Transaction {
  return { id: 'txn_1', type: 'charge', currency: 'usd', net: 941, createdAt: NOW, ...changes };
}

/** 10.00 with an application fee of 1.23, a refund of 5.00 and a special-case transfer of 1.00. */
const ORDER: Order = [
  { type: 'refund_recorded', refund: refund() } as const,
  { type: 'transfer_recorded', transfer: transfer() } as const,
  { type: 'dispute_observed', dispute: wonDispute() } as const,
].reduce(transition, orderIn('succeeded'));
const ITS_TRANSACTIONS = [
  transaction(),
  transaction({ id: 'txn_2', type: 'transfer', net: -1000 }),
  transaction({ id: 'txn_3', type: 'application_fee', net: 123 }),
  transaction({ id: 'txn_4', type: 'refund', net: -500 }),
  transaction({ id: 'txn_5', type: 'transfer', net: -100 }),
];

const of = (subject: string, order: Extract<Owner, { kind: 'order' }>['order'] = ORDER) => ({
  kind: 'order' as const,
  orderId: 'order-1',
  subject,
  isMarked: false,
  order,
});
const TAKEN_BACK = transition(orderIn('succeeded'), {
  type: 'payment_observed',
  payment: facts('requires_payment_method', {
    latestCharge: 'ch_1',
    transfer: 'tr_1',
    chargeFailure: { code: 'account_closed', message: 'No.' },
  }),
});
const PARTLY_CAPTURED = orderIn('requires_capture', { amountReceived: 300, amountCapturable: 700 });
const PLATFORM: Owner = { kind: 'platform' };

describe('a transaction', () => {
  it.each([
    ['of the charge', 'charge', of('ch_1'), 'matched'],
    ['of the transfer', 'transfer', of('tr_1'), 'matched'],
    ['of a reversal, which its transfer stands for', 'transfer_refund', of('tr_1'), 'matched'],
    ['of the application fee', 'application_fee', of('fee_1'), 'matched'],
    ['of a refund of the fee', 'application_fee_refund', of('fee_1'), 'matched'],
    ['of a refund', 'refund', of('re_1'), 'matched'],
    ['of a special-case transfer', 'transfer', of('tr_special'), 'matched'],
    ['of a dispute', 'adjustment', of('dp_1'), 'matched'],
    ['of a dispute that the order does not know', 'adjustment', of('dp_2'), 'unknown_to_order'],
    ['of a charge that its bank took back', 'payment_failure_refund', of('ch_1', TAKEN_BACK), 'matched'],
    ['of the transfer of such a charge', 'transfer', of('tr_1', TAKEN_BACK), 'matched'],
    ['of a refund that the order does not know', 'refund', of('re_2'), 'unknown_to_order'],
    ['of one that somebody has looked at', 'transfer', { ...of('tr_2'), isMarked: true }, 'looked_at'],
    ['of what the order knows, marked or not', 'refund', { ...of('re_1'), isMarked: true }, 'matched'],
    ['of a charge of an unpaid order', 'charge', of('ch_1', orderIn('canceled')), 'unknown_to_order'],
    ['of a capture after which more may come', 'charge', of('ch_1', PARTLY_CAPTURED), 'matched'],
    [
      'of a charge that is only authorized',
      'charge',
      of('ch_1', orderIn('requires_capture')),
      'unknown_to_order',
    ],
    ['of an order that does not answer', 'charge', of('ch_1', 'unreadable'), 'order_unreadable'],
    ['of an order that Temporal no longer has', 'charge', of('ch_1', 'gone'), 'order_ended'],
    ['of a transfer with no order', 'transfer', { kind: 'transfer' }, 'special_case_transfer'],
    ['of a charge that somebody has looked at', 'charge', { kind: 'looked_at' }, 'looked_at'],
    ['of a charge that is nobody’s', 'charge', { kind: 'foreign', subject: 'ch_2' }, 'foreign_payment'],
    ['of a transfer that is nobody’s', 'transfer', { kind: 'foreign', subject: 'tr_2' }, 'foreign_transfer'],
    ['of a payout', 'payout', PLATFORM, 'payout'],
    ['of a payout that failed', 'payout_failure', PLATFORM, 'payout'],
    ['of Stripe’s invoice', 'stripe_fee', PLATFORM, 'stripe_fee'],
    ['of a top-up', 'topup', PLATFORM, 'topup'],
    ['of a reserve', 'reserve_transaction', PLATFORM, 'reserve'],
    ['of a correction by Stripe', 'adjustment', PLATFORM, 'adjustment'],
    ['of a contribution to Stripe Climate', 'contribution', PLATFORM, 'stripe_product'],
    ['of an advance that is paid back', 'anticipation_repayment', PLATFORM, 'stripe_product'],
    ['of money from the platform’s bank', 'inbound_transfer', PLATFORM, 'topup'],
    ['of a type that Waybill does not know', 'brand_new', PLATFORM, 'unknown_type'],
    ['of what a card spent that Stripe issued', 'issuing_transaction', { kind: 'other_balance' }, 'left_out'],
    ['whose source Stripe does not show', 'adjustment', { kind: 'unexpanded' }, 'unknown_type'],
  ] as const)('%s', (_, type, owner, expected) => {
    const verdict = classifyTransaction(transaction({ type }), owner);
    const said = {
      matched: 'standing',
      left_out: 'standing',
      explained: 'reason',
      unexplained: 'code',
    } as const;
    const word: unknown = Reflect.get(verdict, said[verdict.standing]);
    expect(word).toBe(expected);
  });

  it('of another balance than that of payments counts nowhere', () => {
    expect(foundOfTransaction(transaction(), { standing: 'left_out' }, PATIENCE)).toEqual(NOTHING_FOUND);
  });

  it('that nobody explains is a difference, once it is old enough to be known', () => {
    const verdict: Verdict = { standing: 'unexplained', code: 'foreign_payment', orderId: null };
    expect(foundOfTransaction(transaction(), verdict, PATIENCE)).toMatchObject({
      transactions: { usd: { unexplained: { count: 1, amount: 941 } } },
      differences: [{ id: 'txn_1', code: 'foreign_payment', amount: 941, currency: 'usd', since: NOW }],
      differenceCount: 1,
    });
    expect(foundOfTransaction(transaction({ createdAt: NOW + 1 }), verdict, PATIENCE)).toMatchObject({
      transactions: { usd: { pending: { count: 1, amount: 941 } } },
      differenceCount: 0,
    });
  });
});

describe('an order', () => {
  const differencesOf = (transactions: readonly Transaction[], order = ORDER) =>
    foundOfOrder(order, transactions, PATIENCE).differences.map(({ id, code, amount }) => [id, code, amount]);

  it('agrees when its funds are the sum of its transactions', () => {
    expect(foundOfOrder(ORDER, ITS_TRANSACTIONS, PATIENCE)).toEqual({
      ...NOTHING_FOUND,
      orders: { agreeing: 1, differing: 0, pending: 0 },
    });
  });

  it.each([
    ['a transaction that it lacks', [...ITS_TRANSACTIONS, transaction({ net: -7 })], [['usd', -7]]],
    [
      'one in another currency',
      [...ITS_TRANSACTIONS, transaction({ net: 7, currency: 'eur' })],
      [['eur', 7]],
    ],
    ['one that Stripe lacks', ITS_TRANSACTIONS.slice(1), [['usd', -941]]],
    ['none at all at Stripe', [], [['usd', 536]]],
  ] as const)('differs by %s', (_, transactions, expected) => {
    expect(differencesOf(transactions)).toEqual(
      expected.map(([currency, amount]) => [`order-1:${currency}`, 'funds_differ', amount]),
    );
  });

  it('whose settlement never came differs by all that Stripe has, or says so where that is nothing', () => {
    const unsettled = orderIn('succeeded', { settlement: null });
    const overdue = transition(unsettled, { type: 'settlement_overdue', charge: 'ch_1' });
    expect(differencesOf([transaction()], unsettled)).toEqual([['order-1:usd', 'funds_unknown', 941]]);
    expect(differencesOf([], overdue)).toEqual([['order-1:usd', 'funds_unknown', 0]]);
  });

  it.each([
    ['whose settlement Stripe may still take its time for, however long nobody paid', []],
    ['of which a refund is on its way that has moved nothing yet', ITS_TRANSACTIONS],
  ])('%s is pending', (_, transactions) => {
    const refunding = { type: 'refund_recorded', refund: refund({ id: 're_2', platform: null }) } as const;
    const order =
      transactions.length > 0 ? transition(ORDER, refunding) : orderIn('succeeded', { settlement: null });
    expect(foundOfOrder(order, transactions, PATIENCE)).toEqual({
      ...NOTHING_FOUND,
      orders: { agreeing: 0, differing: 0, pending: 1 },
    });
  });

  it('is pending while more of it may be captured, and what that comes to is not known', () => {
    expect(foundOfOrder(PARTLY_CAPTURED, [transaction()], PATIENCE).orders.pending).toBe(1);
  });

  it('with a refund on its way differs by what Stripe has beyond all else', () => {
    const refunding = { type: 'refund_recorded', refund: refund({ id: 're_2', platform: null }) } as const;
    expect(
      differencesOf([...ITS_TRANSACTIONS, transaction({ net: -300 })], transition(ORDER, refunding)),
    ).toEqual([['order-1:usd', 'funds_unknown', -300]]);
  });

  it('that a bank took back agrees with what is left of it, and is compared though it is not paid', () => {
    const settlement = { currency: 'usd', stripeFee: 59, platform: { usd: -1059 }, connected: { usd: 1000 } };
    const unpaid = transition(orderIn('succeeded'), {
      type: 'payment_observed',
      payment: facts('requires_payment_method', {
        latestCharge: 'ch_1',
        transfer: 'tr_1',
        chargeFailure: { code: 'account_closed', message: 'No.' },
        settlement,
      }),
    });
    expect(unpaid.payment.status).toBe('requires_payment_method');
    expect(foundOfOrder(unpaid, [transaction({ net: -1059 })], PATIENCE).orders.agreeing).toBe(1);
    expect(differencesOf([transaction({ net: -59 })], unpaid)).toEqual([
      ['order-1:usd', 'funds_differ', 1000],
    ]);
  });

  it('is pending while its last movement is young', () => {
    const young = [transaction({ createdAt: NOW + 1 })];
    expect(foundOfOrder(orderIn('succeeded', { settlement: null }), young, PATIENCE).orders.pending).toBe(1);
  });
});

describe('findings of parts', () => {
  const verdicts: readonly Verdict[] = [
    { standing: 'matched', orderId: 'order-1' },
    { standing: 'explained', reason: 'payout' },
    { standing: 'unexplained', code: 'foreign_payment', orderId: null },
  ];
  const rows = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      currency: fc.constantFrom('usd', 'eur', 'jpy'),
      net: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      createdAt: fc.constantFrom(NOW - 1, NOW, NOW + 1),
      verdict: fc.constantFrom(...verdicts),
    }),
    { selector: ({ id }) => id, maxLength: 60 },
  );
  type Row = Omit<Transaction, 'type'> & { readonly verdict: Verdict };
  const found = ({ verdict, ...row }: Row) =>
    foundOfTransaction({ type: 'charge', ...row }, verdict, PATIENCE);
  const fold = (parts: readonly Findings[]) => parts.reduce(combine, NOTHING_FOUND);

  it('come to the same in whatever order and pages', () => {
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat(9)), (all, sizes) => {
        const pages: Findings[] = [];
        const rest = all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        while (rest.length > 0) pages.push(fold(rest.splice(0, 1 + (sizes.next().value ?? 0)).map(found)));
        expect(fold(pages.toReversed())).toEqual(fold(all.map(found)));
      }),
    );
  });

  it('count every row once, and sum to what the rows sum to in each currency', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { transactions } = fold(all.map(found));
        for (const currency of ['usd', 'eur', 'jpy']) {
          const mine = all.filter((row) => row.currency === currency);
          const tallies = Object.values(transactions[currency] ?? {});
          expect(tallies.reduce((sum, { count }) => sum + count, 0)).toBe(mine.length);
          expect(tallies.reduce((sum, { amount }) => sum + amount, 0)).toBe(
            mine.reduce((sum, { net }) => sum + net, 0),
          );
        }
      }),
    );
  });

  it('keep the oldest differences, in one order, and count those beyond', () => {
    const unexplained: Verdict = { standing: 'unexplained', code: 'foreign_payment', orderId: null };
    const many = Array.from({ length: DIFFERENCES_MAX + 20 }, (_, index) =>
      foundOfTransaction(transaction({ id: `txn_${index}`, createdAt: NOW - index }), unexplained, PATIENCE),
    );
    const { differences, differenceCount } = fold([...many, ...many.slice(0, 1)]);
    expect(differenceCount).toBe(DIFFERENCES_MAX + 21);
    expect(differences).toHaveLength(DIFFERENCES_MAX);
    expect(differences[0]?.id).toBe(`txn_${DIFFERENCES_MAX + 19}`);
  });

  it('that differ still, of those that were reported before, are all that is taken from an earlier run', () => {
    const told = [
      foundOfTransaction(
        transaction({ id: 'txn_ok', currency: 'eur' }),
        { standing: 'matched', orderId: 'order-1' },
        PATIENCE,
      ),
      foundOfTransaction(
        transaction({ id: 'txn_looked_at' }),
        { standing: 'explained', reason: 'looked_at' },
        PATIENCE,
      ),
      foundOfTransaction(
        transaction({ id: 'txn_nobody', net: -700 }),
        { standing: 'unexplained', code: 'foreign_transfer', orderId: null },
        PATIENCE,
      ),
      differing([]),
    ].reduce(combine, { ...NOTHING_FOUND, orders: { agreeing: 3, differing: 0, pending: 2 } });
    expect(stillDiffering(told)).toEqual({
      transactions: { usd: { unexplained: { count: 1, amount: -700 } } },
      reasons: {},
      orders: { agreeing: 0, differing: 1, pending: 0 },
      connected: NOTHING_FOUND.connected,
      differences: [expect.objectContaining({ id: 'txn_nobody' })],
      differenceCount: 1,
    });
  });

  it('order differences of one moment by id, whichever came first', () => {
    const unexplained: Verdict = { standing: 'unexplained', code: 'foreign_payment', orderId: null };
    const a = foundOfTransaction(transaction({ id: 'txn_a' }), unexplained, PATIENCE);
    const b = foundOfTransaction(transaction({ id: 'txn_b' }), unexplained, PATIENCE);
    for (const both of [combine(a, b), combine(b, a)]) {
      expect(both.differences.map(({ id }) => id)).toEqual(['txn_a', 'txn_b']);
    }
  });
});
