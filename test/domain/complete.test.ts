import { expect, it } from 'vitest';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import { isComplete } from '../../domain/orders/outstanding.ts';
import { NOW, orderIn, SETTLEMENT, stuck } from '../support/builders.ts';

const pending: PendingOperation = { operation: 'capture', operationId: 'c', since: NOW, failure: null };
const authorized = orderIn('requires_capture');

it.each([
  ['authorized', authorized, true],
  ['captured and settled', orderIn('succeeded', { settlement: SETTLEMENT }), true],
  ['canceled', orderIn('canceled'), true],
  ['captured and not settled', orderIn('succeeded', { settlement: null }), false],
  ['not begun', orderIn('pending'), false],
  ['declined', orderIn('requires_payment_method'), false],
  ['waiting for 3-D Secure', orderIn('requires_action'), false],
  ['waiting for a bank', orderIn('processing'), false],
  ['with an operation on its way', { ...authorized, pending }, false],
  ['with an operation that is stuck', stuck(authorized), false],
])('an order that is %s: complete is right', (_, order, complete) => {
  expect(isComplete(order)).toBe(complete);
});
