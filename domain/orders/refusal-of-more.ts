import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import type { Order } from './order.ts';

/**
 * Refunds, transfers and reversals of one order. Every answer has all of them, and so has what a run leaves to the next: 2 MB are
 * Temporal's limit, which 2,000 with everything around them stay far below.
 */
const MOVEMENTS_MAX = 2_000;

/** Why no further part of the money is moved; null: there is room. What moves all that is left is always let in, since it ends there. */
export function refusalOfMore(
  { refunds, transfers, adjustments }: Pick<Order, 'refunds' | 'transfers' | 'adjustments'>,
  what: string,
): Problem | null {
  if (refunds.length + transfers.length + adjustments.length < MOVEMENTS_MAX) return null;
  return problem(
    'state_conflict',
    `This order has ${MOVEMENTS_MAX} refunds, transfers and reversals: ${what}.`,
  );
}
