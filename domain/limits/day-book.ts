import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { formatMoney } from '../money/money.ts';
import type { DayLimit, MoneyOut } from './day-limits.ts';

/** Whose money out a book counts. */
export interface BookOwner {
  readonly kind: 'key' | 'account';
  /** The key's name, or Stripe's id of the connected account. */
  readonly name: string;
}

/** What was asked for, in minor units of `currency`. */
export interface Take {
  /** Of the operation: the same again is counted once. */
  readonly id: string;
  readonly what: MoneyOut;
  readonly amount: number;
  readonly currency: string;
}

interface Total {
  readonly amount: number;
  readonly count: number;
}

/** What one owner moved out on one day (UTC). */
export interface DayBook {
  /** The newest, which may still be repeated or given back. */
  readonly takes: readonly Take[];
  /** Of those before them: by kind, then by currency. */
  readonly earlier: Readonly<Partial<Record<MoneyOut, Readonly<Record<string, Total>>>>>;
}

export const EMPTY_BOOK: DayBook = { takes: [], earlier: {} };
/** Bounds what continue-as-new carries over. */
const TAKES_MAX = 1_000;

/** The book with that take, or why it is too much; then nothing has changed. */
export function takeFrom(
  book: DayBook,
  take: Take,
  limit: DayLimit,
  of: { readonly owner: BookOwner; readonly day: string },
): { readonly book: DayBook; readonly refusal: Problem | null } {
  if (book.takes.some(({ id }) => id === take.id)) return { book, refusal: null };
  const why = excessOf(book, take, limit);
  if (why === null) return { book: withTake(book, take), refusal: null };
  const whose = of.owner.kind === 'key' ? `the key ${of.owner.name}` : `the account ${of.owner.name}`;
  const detail =
    `The limit of ${whose} for ${take.what}s a day: ${why} ` +
    `${of.day} ends at 00:00 UTC. Ask again then, under another Idempotency-Key.`;
  return { book, refusal: problem('day_limit_exceeded', detail) };
}

/** Nothing came of it. One that is not in the book any more stays counted. */
export function giveBack(book: DayBook, id: string): DayBook {
  return { ...book, takes: book.takes.filter((take) => take.id !== id) };
}

/** What was moved out so far, by kind and currency. */
export function movedOut({ takes, earlier }: DayBook): DayBook['earlier'] {
  const totals: Partial<Record<MoneyOut, Record<string, Total>>> = {};
  for (const [what, byCurrency] of Object.entries(earlier)) totals[what as MoneyOut] = { ...byCurrency };
  for (const take of takes) add(totals, take);
  return totals;
}

function excessOf(book: DayBook, { what, amount, currency }: Take, { max, count }: DayLimit): string | null {
  const totals = movedOut(book)[what] ?? {};
  const done = Object.values(totals).reduce((sum, total) => sum + total.count, 0);
  if (count !== undefined && done >= count) return `${done} of ${count} were made.`;
  if (max === undefined) return null;
  const most = max[currency];
  if (most === undefined) return `none in ${currency}.`;
  const moved = totals[currency]?.amount ?? 0;
  if (moved + amount <= most) return null;
  const [before, limit, asked] = [moved, most, amount].map((one) => formatMoney({ amount: one, currency }));
  return `${before} of ${limit} were made, and ${asked} more is too much.`;
}

function withTake({ takes, earlier }: DayBook, take: Take): DayBook {
  const [oldest, ...rest] = takes;
  if (!oldest || takes.length < TAKES_MAX) return { takes: [...takes, take], earlier };
  return { takes: [...rest, take], earlier: movedOut({ takes: [oldest], earlier }) };
}

/** In place: a book of a thousand takes is added up for each of them. */
function add(
  totals: Partial<Record<MoneyOut, Record<string, Total>>>,
  { what, amount, currency }: Take,
): void {
  const ofKind = totals[what] ?? {};
  const before = ofKind[currency] ?? { amount: 0, count: 0 };
  ofKind[currency] = { amount: before.amount + amount, count: before.count + 1 };
  totals[what] = ofKind;
}
