import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StatementEntry } from '../../../domain/reconciliation/statement.ts';
import { BOOKED_AS, StatementLines, statementsOf } from '../../../domain/reconciliation/statement.ts';

const entry = (changes: Partial<StatementEntry>): StatementEntry => ({
  ...{ category: 'charge', isTransferred: false, orderId: 'o-1', currency: 'usd', amount: 1000, fee: 59 },
  ...changes,
});

function linesOf(...pages: readonly (readonly StatementEntry[])[]) {
  const lines = new StatementLines();
  for (const page of pages) lines.add(page);
  return lines.all();
}

it('books each line under what it is, for its order', () => {
  const lines = linesOf([
    entry({}),
    entry({ category: 'transfer', amount: -1000, fee: 0 }),
    entry({ category: 'platform_earning', amount: 123, fee: 0 }),
    entry({ category: 'refund', amount: -200, fee: 0, orderId: 'o-2' }),
    entry({ category: 'payout', amount: -50, fee: 0, orderId: null }),
    entry({ category: 'something_new', amount: 7, fee: 0, orderId: null }),
  ]);
  expect(lines).toMatchObject([
    { orderId: 'o-1', charges: 1000, transfers: -1000, application_fees: 123, fees: -59, net: 64 },
    { orderId: 'o-2', refunds: -200, net: -200 },
    { orderId: null, payouts: -50, other: 7, net: -43 },
  ]);
});

it('goes on with the lines of the page before', () => {
  const [first, second] = [entry({}), entry({ category: 'refund', amount: -200, fee: 0 })];
  expect(linesOf([first], [second])).toEqual(linesOf([first, second]));
});

it('books what a transfer brought to an account as a transfer', () => {
  const brought = { isTransferred: true, fee: 123 };
  expect(
    linesOf([entry(brought), entry({ ...brought, category: 'refund', amount: -300, fee: 0 })]),
  ).toMatchObject([{ transfers: 1000, charges: 0, fees: -123, refunds: -300, net: 577 }]);
});

it('has a currency in which nothing moved, and one of which nothing is left', () => {
  const lines = linesOf([
    entry({ currency: 'eur', amount: 59 }),
    entry({ currency: 'gbp', amount: -41, fee: 0 }),
  ]);
  expect(statementsOf(lines, { usd: 5 })).toMatchObject([
    { currency: 'eur', opening: 0, closing: 0 },
    { currency: 'gbp', opening: 41, closing: 0 },
    { currency: 'usd', opening: 5, closing: 5, lines: [] },
  ]);
});

it('adds up: the columns of a line to its net, and opening balance and lines to the closing balance', () => {
  const entries = fc.array(
    fc.record({
      category: fc.constantFrom('charge', 'refund', 'transfer', 'payout', 'dispute', 'fee'),
      isTransferred: fc.boolean(),
      orderId: fc.option(fc.constantFrom('o-1', 'o-2')),
      currency: fc.constantFrom('usd', 'eur'),
      amount: fc.integer({ min: -9_999, max: 9_999 }),
      fee: fc.integer({ min: 0, max: 99 }),
    }),
  );
  fc.assert(
    fc.property(entries, fc.integer(), (all, closing) => {
      for (const { opening, lines, closing: end } of statementsOf(linesOf(all), { usd: closing })) {
        for (const line of lines) {
          const columns = [...BOOKED_AS, 'fees' as const].map((column) => line[column]);
          expect(columns.reduce((sum, amount) => sum + amount, 0)).toBe(line.net);
        }
        expect(lines.reduce((sum, { net }) => sum + net, opening)).toBe(end);
      }
    }),
  );
});
