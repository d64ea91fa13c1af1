import { describe, expect, it } from 'vitest';
import type { BookOwner, DayBook, Take } from '../../../domain/limits/day-book.ts';
import { EMPTY_BOOK, giveBack, movedOut, takeFrom } from '../../../domain/limits/day-book.ts';
import type { DayLimit } from '../../../domain/limits/day-limits.ts';
import { dayLimits } from '../../../domain/limits/day-limits.ts';

const KEY: BookOwner = { kind: 'key', name: 'helpdesk' };
const refund = (id: string, amount = 300, currency = 'usd'): Take => ({
  id,
  what: 'refund',
  amount,
  currency,
});
const take = (book: DayBook, one: Take, limit: DayLimit, owner = KEY) =>
  takeFrom(book, one, limit, { owner, day: '2026-01-31' });
const bookOf = (...takes: readonly Take[]) =>
  takes.reduce((book, one) => take(book, one, {}).book, EMPTY_BOOK);

describe('a day’s book', () => {
  it('lets through what stays within the limit, to the cent', () => {
    const { book, refusal } = take(bookOf(refund('r1')), refund('r2', 200), { max: { usd: 500 } });
    expect(refusal).toBeNull();
    expect(movedOut(book)).toEqual({ refund: { usd: { amount: 500, count: 2 } } });
  });

  it.each<[string, Take, DayLimit, string]>([
    [
      'more than the amount',
      refund('r2', 201),
      { max: { usd: 500 } },
      '3.00 USD of 5.00 USD were made, and 2.01 USD more is too much. 2026-01-31 ends at 00:00 UTC.',
    ],
    ['more than the count', refund('r2', 1), { count: 1 }, '1 of 1 were made.'],
    [
      'a currency that is not named',
      refund('r2', 1, 'eur'),
      { max: { usd: 500 } },
      'The limit of the key helpdesk for refunds a day: none in eur.',
    ],
  ])('refuses %s, says so, and counts nothing', (_, asked, limit, detail) => {
    const before = bookOf(refund('r1'));
    const { book, refusal } = take(before, asked, limit);
    expect(refusal).toMatchObject({ code: 'day_limit_exceeded', detail: expect.stringContaining(detail) });
    expect(book).toBe(before);
  });

  it('counts each kind, and each currency, for itself', () => {
    const book = bookOf(refund('r1', 500), refund('r2', 500, 'eur'), {
      ...refund('t1', 500),
      what: 'transfer',
    });
    expect(take(book, { ...refund('p1', 500), what: 'payout' }, { max: { usd: 500 } }).refusal).toBeNull();
    expect(take(book, refund('r3', 1, 'eur'), { max: { eur: 501 } }).refusal).toBeNull();
    expect(take(book, refund('r3', 1), { max: { usd: 500 }, count: 9 }).refusal).not.toBeNull();
  });

  it('counts a repeat once, even where the limit is lower by now', () => {
    const book = bookOf(refund('r1'));
    expect(take(book, refund('r1'), { max: {} })).toEqual({ book, refusal: null });
  });

  it('forgets what came to nothing', () => {
    const book = giveBack(bookOf(refund('r1'), refund('r2')), 'r1');
    expect(movedOut(book)).toEqual({ refund: { usd: { amount: 300, count: 1 } } });
  });

  it('keeps the sum of many, and no more than a thousand by name', () => {
    const book = bookOf(...Array.from({ length: 1_010 }, (_, n) => refund(`r${n}`, 1)));
    expect(book.takes).toHaveLength(1_000);
    expect(movedOut(book)).toEqual({ refund: { usd: { amount: 1_010, count: 1_010 } } });
  });

  it('names the account that it counts for', () => {
    const { refusal } = take(EMPTY_BOOK, refund('r1'), { count: 0 }, { kind: 'account', name: 'acct_1' });
    expect(refusal?.detail).toContain('The limit of the account acct_1 for refunds a day: 0 of 0 were made.');
  });
});

it('a kind that nothing limits is none', () => {
  expect(dayLimits({ refund: { count: 1 }, transfer: {}, payout: { max: { usd: 1 } } })).toEqual({
    refund: { count: 1 },
    payout: { max: { usd: 1 } },
  });
});
