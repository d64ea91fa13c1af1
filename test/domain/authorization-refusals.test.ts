import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../domain/errors.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { refusalOf } from '../../domain/orders/refusals.ts';
import { NOW, orderIn } from '../support/builders.ts';

const authorized = orderIn('requires_capture');
const raisable = orderIn('requires_capture', { incrementable: true });
const several = orderIn('requires_capture', { multicapture: true });
const keepRest = { kind: 'capture', amount: 400, final: false } as const;
const raise = (amount: number) => ({ kind: 'increment', amount }) as const;

describe('what card and account do not allow of an authorization', () => {
  it.each<[string, Order, OrderCommandBody, ProblemCode, string | undefined, RegExp]>([
    ['capturing it twice', authorized, keepRest, 'state_conflict', 'final', /only once/],
    ['raising it', authorized, raise(2000), 'state_conflict', undefined, /cannot be raised/],
    [
      'raising it once captured',
      orderIn('succeeded'),
      raise(2000),
      'state_conflict',
      undefined,
      /must be authorized/,
    ],
    ['raising it to what it is', raisable, raise(1000), 'money_rule', 'amount', /more than 10\.00 USD/],
    ['raising it to less', raisable, raise(999), 'money_rule', 'amount', /more than 10\.00 USD/],
  ])('%s is refused', (_, order, command, code, param, detail) => {
    expect(refusalOf(order, command, NOW)).toMatchObject({ code, detail: expect.stringMatching(detail) });
    expect(refusalOf(order, command, NOW)?.param).toBe(param);
  });

  it.each<[string, Order, OrderCommandBody]>([
    ['a part of what may be captured several times', several, keepRest],
    ['a higher total of what may be raised', raisable, raise(1001)],
  ])('%s is not', (_, order, command) => {
    expect(refusalOf(order, command, NOW)).toBeNull();
  });
});
