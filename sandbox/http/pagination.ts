import type { Context } from '../core/context.ts';
import type { Tables } from '../objects/tables.ts';
import type { Viewable } from '../views/index.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { listOf } from '../views/json.ts';
import { malformed, noSuch } from './errors.ts';
import type { Parser } from './params.ts';
import { either, hash, integer, isText, optional, text } from './params.ts';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 10;

/** None is taken for one, and what is too many for the most there may be. */
const limit: Parser<number> = (value, name) => {
  const number = integer(value, name);
  if (number < 0)
    throw malformed('This value must be greater than or equal to 1.', name, 'parameter_invalid_integer');
  return Math.min(Math.max(number, 1), MAX_LIMIT);
};

const range = hash({
  gt: optional(integer),
  gte: optional(integer),
  lt: optional(integer),
  lte: optional(integer),
});

export const created = optional(either(isText, integer, range));

/** What every list takes. */
export const pageShape = {
  limit: optional(limit),
  starting_after: optional(text),
  ending_before: optional(text),
};

interface Page {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

type CreatedFilter =
  | number
  | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined };

export function createdMatches(filter: CreatedFilter | undefined, at: number): boolean {
  if (filter === undefined) return true;
  if (typeof filter === 'number') return at === filter;
  return (
    (filter.gt === undefined || at > filter.gt) &&
    (filter.gte === undefined || at >= filter.gte) &&
    (filter.lt === undefined || at < filter.lt) &&
    (filter.lte === undefined || at <= filter.lte)
  );
}

type Dated = {
  [T in keyof Tables]: Tables[T] extends { owner: string; created: number } ? T : never;
}[keyof Tables];

/**
 * An account's own rows, newest first, beginning with the page's cursor and ending where `created` wants none that are older: a page
 * costs what is on it, however long the list is.
 */
export function* ownRows<T extends Dated>(
  ctx: Context,
  table: T,
  { created, starting_after }: Page & { created?: CreatedFilter | undefined },
): Generator<Tables[T]> {
  const oldest = typeof created === 'number' ? created : (created?.gte ?? created?.gt ?? 0);
  for (const row of ctx.tx.where(table, 'owner' as never, ctx.account, starting_after)) {
    // The cursor itself need not be among those that are wanted.
    if (row.created < oldest && row.id !== starting_after) return;
    yield row;
  }
}

/** Rows of which only some are listed. A cursor may be any of them, as one that has been deleted since. */
export interface Filtered<T> {
  all: Iterable<T>;
  keep: (row: T) => boolean;
}

export function filtered<T>(all: Iterable<T>, keep: (row: T) => boolean): Filtered<T> {
  return { all, keep };
}

export function unfiltered<T>(rows: Iterable<T>): Filtered<T> {
  return filtered(rows, () => true);
}

/** One page of rows, which come newest first. */
export function paginate<T extends { id: string }>(
  { all, keep }: Filtered<T>,
  page: Page,
  what: string,
): { rows: T[]; hasMore: boolean } {
  const size = page.limit ?? DEFAULT_LIMIT;
  if (page.starting_after !== undefined && page.ending_before !== undefined) {
    throw malformed('Received both starting_after and ending_before parameters. Please pass in only one.');
  }
  if (page.ending_before !== undefined) {
    const rows = [...all];
    const end = rows.findIndex(({ id }) => id === page.ending_before);
    if (end < 0) throw noSuch(what, page.ending_before, 'ending_before');
    const before = rows.slice(0, end).filter(keep);
    return { rows: before.slice(-size), hasMore: before.length > size };
  }
  const found: T[] = [];
  let started = page.starting_after === undefined;
  for (const row of all) {
    if (!started) started = row.id === page.starting_after;
    else if (!keep(row)) continue;
    else if (found.length === size) return { rows: found, hasMore: true };
    else found.push(row);
  }
  if (!started) throw noSuch(what, page.starting_after ?? '', 'starting_after');
  return { rows: found, hasMore: false };
}

export function listPage<T extends Viewable>(
  ctx: Context,
  table: T,
  rows: Iterable<Tables[T]> | Filtered<Tables[T]>,
  page: Page,
  url: string,
): Json {
  const { rows: shown, hasMore } = paginate('keep' in rows ? rows : unfiltered(rows), page, table);
  return listOf(
    shown.map((row) => view(ctx, table, row)),
    url,
    hasMore,
  );
}

/** Lists of what one charge has still say how much that is. */
export function counted(page: Json, all: Iterable<unknown>): Json {
  return { ...page, count: [...all].length };
}
