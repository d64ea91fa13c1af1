import { expect, it } from 'vitest';
import { deliveredByObject, gapIn, lackingOf, nameOf } from '../../dev/chaos/delivered.ts';
import type { Facts } from '../../dev/chaos/facts.ts';

const ORDER = { kind: 'order', id: 'o' };

/** An event as its receiver keeps it. */
function sent(sequence: number, says: Facts, { kind, id } = ORDER) {
  // Stripe's id of an account is not what its events are numbered by.
  const ids = kind === 'account' ? { id: 'acct_1', reference: id } : { id };
  const data = { ...ids, object: kind, sequence, ...says };
  return { headers: { 'webhook-id': `evt_${kind}~${id}~${sequence}` }, body: JSON.stringify({ data }) };
}

const eventsOf = (source: typeof ORDER, received: ReturnType<typeof sent>[]) =>
  deliveredByObject(received).get(nameOf(source)) ?? [];
const lacking = (source: typeof ORDER, says: Facts, ...received: ReturnType<typeof sent>[]) =>
  lackingOf(source, says, eventsOf(source, received));

const AUTHORIZED = { status: 'authorized', amount_refunded: 0 };
const CAPTURED = { status: 'captured', amount_refunded: 0 };
const REFUNDED = { status: 'captured', amount_refunded: 300 };

it('lacks nothing once the last event says what became of the order, however often and in which order events came', () => {
  const payout = { kind: 'payout', id: 'o' };
  const received = [
    sent(2, CAPTURED),
    sent(1, AUTHORIZED),
    sent(2, CAPTURED),
    sent(3, REFUNDED),
    sent(1, { status: 'paid' }, payout),
  ];
  expect(lacking(ORDER, REFUNDED, ...received)).toBeNull();
  expect(lacking(payout, { status: 'paid' }, ...received)).toBeNull();
});

it.each(['order', 'payout', 'transfer', 'account'])(
  'says which event of a %s never reached the subscriber',
  (kind) => {
    const source = { kind, id: 'o' };
    const first = sent(1, AUTHORIZED, source);
    const second = sent(2, CAPTURED, source);
    const third = sent(3, CAPTURED, source);
    expect(lacking(source, CAPTURED, first, second, third)).toBeNull();
    expect(lacking(source, CAPTURED)).toBe(`no event of ${kind} o reached its subscriber`);
    expect(lacking(source, CAPTURED, second)).toBe(`event 1 of ${kind} o never reached its subscriber`);
    expect(lacking(source, CAPTURED, first, third)).toBe(`event 2 of ${kind} o never reached its subscriber`);
  },
);

it.each([
  ['order', CAPTURED, AUTHORIZED, 'status "authorized", expected "captured"'],
  ['order', REFUNDED, CAPTURED, 'amount_refunded 0, expected 300'],
  ['payout', { status: 'paid' }, { status: 'in_transit' }, 'status "in_transit", expected "paid"'],
  ['transfer', { amount_reversed: 100 }, { amount_reversed: 40 }, 'amount_reversed 40, expected 100'],
  ['account', { payouts_enabled: false }, { payouts_enabled: true }, 'payouts_enabled true, expected false'],
  ['account', { status: 'enabled' }, {}, 'status nothing, expected "enabled"'],
])('misses the last event of an %s', (kind, says, said, wrong) => {
  const source = { kind, id: 'o' };
  expect(lacking(source, says, sent(1, said, source))).toBe(
    `the last event of ${kind} o that reached its subscriber, 1, says ${wrong}`,
  );
});

it('lets the first event have any number where there were some before the subscriber, but no gap after it', () => {
  const last = { kind: 'reconciliation', id: 'last' };
  const numbered = (...numbers: number[]) =>
    gapIn(
      nameOf(last),
      eventsOf(
        last,
        numbers.map((number) => sent(number, {}, last)),
      ),
    );
  expect(numbered()).toBeNull();
  expect(numbered(7, 8, 9)).toBeNull();
  expect(numbered(7, 9)).toBe('event 8 of reconciliation last never reached its subscriber');
});
