import { expect, it } from 'vitest';
import {
  PAYMENT_EXPANDS,
  pinExpands,
  pinnedExpands,
  REFUND_EXPANDS,
  TRANSFER_EXPANDS,
} from '../../../domain/commands/stripe-expands.ts';
import type { Operation } from '../../../domain/ids.ts';

it.each<[Operation, readonly string[]]>([
  ['authorize', PAYMENT_EXPANDS],
  ['reauthorize', PAYMENT_EXPANDS],
  ['confirm', PAYMENT_EXPANDS],
  ['capture', PAYMENT_EXPANDS],
  ['increment', PAYMENT_EXPANDS],
  ['cancel', PAYMENT_EXPANDS],
  ['release', PAYMENT_EXPANDS],
  ['refund', REFUND_EXPANDS],
  ['transfer', TRANSFER_EXPANDS],
  ['payout', []],
])('the answer to %s expands what its reader needs', (operation, expected) => {
  expect(pinnedExpands({ operation })).toEqual(expected);
  expect(pinnedExpands(pinExpands({ operation }))).toEqual(expected);
});

it('the answer expands what was pinned when Stripe was first asked, whatever this version would expand', () => {
  expect(pinnedExpands({ operation: 'refund', expand: ['charge'] })).toEqual(['charge']);
});
