import { expect, it } from 'vitest';
import { deliveredByOrder, lackingOf } from '../../dev/chaos/delivered.ts';

/** An event of an order as its receiver keeps it. */
function sent(sequence: number, status: string, refunded = 0, object = 'order') {
  const data = { id: 'o', object, sequence, status, amount_refunded: refunded };
  return { headers: { 'webhook-id': `evt_${object}~o~${sequence}` }, body: JSON.stringify({ data }) };
}

const lacking = (status: string, refunded: number, ...received: ReturnType<typeof sent>[]) =>
  lackingOf({ kind: 'order', id: 'o', status, refunded }, deliveredByOrder(received).get('o') ?? []);

it('lacks nothing once the last event says what became of the order, however often and in which order events came', () => {
  const received = [
    sent(2, 'captured'),
    sent(1, 'authorized'),
    sent(2, 'captured'),
    sent(3, 'captured', 300),
    sent(1, 'paid', 0, 'payout'),
  ];
  expect(lacking('captured', 300, ...received)).toBeNull();
});

it('says what never reached the subscriber', () => {
  expect(lacking('captured', 0)).toBe('no event of o reached its subscriber');
  expect(lacking('captured', 0, sent(2, 'captured'))).toBe('event 1 of o never reached its subscriber');
  expect(lacking('captured', 0, sent(1, 'authorized'), sent(3, 'captured'))).toBe(
    'event 2 of o never reached its subscriber',
  );
});

it.each([
  ['captured', 0, 'authorized', 0],
  ['captured', 300, 'captured', 0],
])('misses the last event, where %s with %i refunded is expected', (status, refunded, said, back) => {
  expect(lacking(status, refunded, sent(1, said, back))).toContain(
    `that reached its subscriber, 1, says ${said} with ${back} refunded`,
  );
});
