import { problem } from '../domain/errors.ts';
import { ProblemError } from '../domain/problem-error.ts';

/** One page of a list of Stripe's. */
interface StripePage<Item> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
}

interface Scan<Item> {
  /** Items wanted. */
  readonly limit: number;
  readonly startingAfter: string | undefined;
  page(params: { limit: number; starting_after?: string }): Promise<StripePage<Item>>;
  /** What Stripe cannot filter by. */
  keep(item: Item): boolean;
  /** The list takes no filter `created`. */
  readonly hasNoPeriod?: true;
}

const PAGE_SIZE = 100;
/** Pages of Stripe's that one request may read: a filter that fits too rarely must be narrowed. */
const PAGES_MAX = 50;

/** A page of a list of Stripe's, filtered by what Stripe itself cannot filter by. */
export async function scan<Item extends { id: string }>({
  limit,
  startingAfter,
  page,
  keep,
  hasNoPeriod,
}: Scan<Item>): Promise<{ data: Item[]; hasMore: boolean }> {
  const data: Item[] = [];
  let after = startingAfter;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const cursor = after === undefined ? {} : { starting_after: after };
    const { data: items, has_more: more } = await page({ limit: PAGE_SIZE, ...cursor });
    for (const item of items) {
      if (!keep(item)) continue;
      if (data.length === limit) return { data, hasMore: true };
      data.push(item);
    }
    after = items.at(-1)?.id;
    if (!more || after === undefined) return { data, hasMore: false };
  }
  throw new ProblemError(
    problem(
      'invalid_request',
      `Too few of the first ${PAGES_MAX * PAGE_SIZE} entries match.${hasNoPeriod ? '' : ' Narrow the list with created[gte] and created[lt].'}`,
    ),
  );
}
