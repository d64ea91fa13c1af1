import { expect, it } from 'vitest';
import { isMoneyOut } from '../../../domain/limits/day-limits.ts';

it.each([
  ['refund', true],
  ['transfer', true],
  ['payout', true],
  ['capture', false],
  ['reverse_transfer', false],
])('a limit of a day counts a %s: %s', (what, counts) => {
  expect(isMoneyOut(what)).toBe(counts);
});
