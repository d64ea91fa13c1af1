import type { Order } from './order.ts';
import type { OrderCommandBody } from './order-command-table.ts';

/** What of an order's application fee or transfer one of several captures takes, in minor units. Null: nothing was agreed. */
export interface CaptureShare {
  readonly applicationFeeAmount: number | null;
  readonly transferAmount: number | null;
}

/**
 * The share of one of several captures; null: the only one, which takes what was agreed as the payment has it. What Stripe would
 * take of each is not documented, so each names it: in proportion, rounded down, and the last one what is left. All
 * together come to what one capture would have taken.
 */
export function shareOfCapture(
  { payment, terms }: Order,
  { amount, final: isLast }: Pick<OrderCommandBody<'capture'>, 'amount' | 'final'>,
): CaptureShare | null {
  if (payment.status !== 'authorized') return null;
  const { amount: authorized, amountCaptured: before, amountCapturable } = payment;
  if (isLast && before === 0) return null;
  const { applicationFeeAmount, transferAmount } = terms;
  const captured = amount ?? amountCapturable;
  const of = (agreed: number | null) => {
    if (agreed === null) return null;
    const upTo = (part: number) => Number((BigInt(agreed) * BigInt(part)) / BigInt(authorized));
    return Math.min((isLast ? agreed : upTo(before + captured)) - upTo(before), captured);
  };
  return { applicationFeeAmount: of(applicationFeeAmount), transferAmount: of(transferAmount) };
}

/** Whether it takes its share of everything that was agreed: Stripe knows no fee and no transfer of nothing. */
export function isDivisible({ applicationFeeAmount, transferAmount }: CaptureShare): boolean {
  return applicationFeeAmount !== 0 && transferAmount !== 0;
}
