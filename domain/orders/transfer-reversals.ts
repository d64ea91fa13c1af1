import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { formatMoney } from '../money/money.ts';
import type { Adjustment } from './adjustment.ts';
import type { Order, SpecialCaseTransfer } from './order.ts';

/** What of a special-case transfer is left; minor units of `currency`. */
export interface ReversibleTransfer {
  readonly amount: number;
  readonly amountReversed: number;
  readonly currency: string;
}

/** What was taken back of one of the order's transfers, by whomever; oldest first. */
export function reversalsOfTransfer(
  { adjustments }: Pick<Order, 'adjustments'>,
  transfer: string,
): readonly Adjustment[] {
  return adjustments.filter((adjustment) => adjustment.transfer === transfer);
}

/** One of the order's special-case transfers, as far as the order knows what became of it. */
export function reversibleTransfer(
  { id, amount, currency }: SpecialCaseTransfer,
  order: Pick<Order, 'adjustments'>,
): ReversibleTransfer {
  const reversals = reversalsOfTransfer(order, id);
  return { amount, currency, amountReversed: reversals.reduce((sum, one) => sum + one.amount, 0) };
}

/** Why that much cannot be taken back; null: it can. `asked`: minor units; null: all that is left. */
export function refusalOfReversal(transfer: ReversibleTransfer, asked: number | null): Problem | null {
  const { amount, amountReversed, currency } = transfer;
  const left = amount - amountReversed;
  if (left <= 0) return problem('state_conflict', 'This transfer has been reversed in full.');
  if (asked === null || asked <= left) return null;
  const limit = formatMoney({ amount: left, currency });
  return problem('money_rule', `At most ${limit} of this transfer is left to reverse.`, { param: 'amount' });
}

/** How far a transfer that was paid has been taken back. */
export const REVERSED_STATUSES = ['paid', 'partially_reversed', 'reversed'] as const;

export function reversedStatus({
  amount,
  amountReversed,
}: Pick<ReversibleTransfer, 'amount' | 'amountReversed'>): (typeof REVERSED_STATUSES)[number] {
  if (amountReversed === 0) return 'paid';
  return amountReversed < amount ? 'partially_reversed' : 'reversed';
}
