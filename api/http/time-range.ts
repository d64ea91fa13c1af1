import { z } from 'zod';

/** Nothing was made before or is due after. Temporal counts in nanoseconds, which end in 2262, and reads no year of five digits. */
const [EARLIEST_MS, LATEST_MS] = [0, Date.UTC(2262, 0)];

const time = z.iso
  .datetime({ offset: true, error: 'must be a time as in RFC 3339, such as 2026-01-31T12:00:00Z' })
  .transform((text) => Math.min(Math.max(Date.parse(text), EARLIEST_MS), LATEST_MS))
  .optional()
  .meta({ type: 'string', format: 'date-time' });

const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const;
type Comparison = (typeof COMPARISONS)[number];

const WORDS: Readonly<Record<Comparison, string>> = {
  gt: 'after',
  gte: 'at or after',
  lt: 'before',
  lte: 'at or before',
};

type RangeFields<Name extends string> = Record<`${Name}[${Comparison}]`, typeof time>;
export type RangeQuery<Name extends string> = Partial<Record<`${Name}[${Comparison}]`, number | undefined>>;

/** Query fields `name[gt]`, `name[gte]`, `name[lt]` and `name[lte]`, as times; milliseconds once parsed. */
export function timeRange<Name extends string>(name: Name): RangeFields<Name> {
  return Object.fromEntries(
    COMPARISONS.map((one) => [
      `${name}[${one}]`,
      time.meta({ description: `Only those whose ${name} is ${WORDS[one]} this time.` }),
    ]),
  ) as RangeFields<Name>;
}

/** The same range as Stripe takes it, in whole seconds: what Stripe shows as `t` is found by `gte` t and `lte` t. */
export function stripeRange<Name extends string>(
  query: RangeQuery<Name>,
  name: Name,
): Partial<Record<Comparison, number>> {
  const entries = COMPARISONS.flatMap((one) => {
    const ms = query[`${name}[${one}]`];
    return ms === undefined ? [] : [[one, toSeconds(one, ms)] as const];
  });
  return Object.fromEntries(entries);
}

/** Whether a time in whole seconds lies in a range that {@link stripeRange} made. */
export function isWithin(range: Partial<Record<Comparison, number>>, seconds: number): boolean {
  return (
    (range.gt === undefined || seconds > range.gt) &&
    (range.gte === undefined || seconds >= range.gte) &&
    (range.lt === undefined || seconds < range.lt) &&
    (range.lte === undefined || seconds <= range.lte)
  );
}

function toSeconds(comparison: Comparison, ms: number): number {
  return comparison === 'gt' || comparison === 'lte' ? Math.floor(ms / 1_000) : Math.ceil(ms / 1_000);
}
