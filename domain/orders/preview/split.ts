import { money, proportion } from '../../money/money.ts';
import type { CaptureShare } from '../capture-share.ts';
import type { OrderTerms } from '../order.ts';
import type { Booked } from './movements.ts';

/** A transfer or an application fee of a charge. */
export interface SplitPart extends Booked {
  /** Minor units of `currency`. */
  readonly amount: number;
  /** What was reversed or refunded of it, by whomever. */
  readonly takenBack: number;
  readonly currency: string;
}

/** How a charge was split, or will be. Of several captures each has its own parts. */
export interface ChargeSplit {
  /** In which the charge is settled; null: not known. */
  readonly currency: string | null;
  readonly transfers: readonly SplitPart[];
  readonly fees: readonly SplitPart[];
}

/** The currencies that decide how a charge is booked; null: not known. */
export interface Currencies extends Booked {
  /** The settlement merchant's. */
  readonly settlement: string | null;
}

/** The split that an order agreed on for a capture of `captured`. `share`: what one of several captures takes. */
export function agreedSplit(
  { currency, applicationFeeAmount, transferAmount }: OrderTerms,
  captured: number,
  share: CaptureShare | null,
  currencies: Currencies,
): ChargeSplit {
  const { applicationFeeAmount: fee, transferAmount: transfer } = share ?? {
    applicationFeeAmount,
    transferAmount,
  };
  const { platform, connected, settlement } = currencies;
  const upTo = (amount: number) => money(Math.min(amount, captured), currency);
  const part = { takenBack: 0, connected };
  return {
    currency: settlement,
    transfers: [{ ...part, ...upTo(transfer ?? captured), platform: settlement }],
    fees: fee ? [{ ...part, ...upTo(fee), platform }] : [],
  };
}

/** What a refund takes of one part: in proportion, or all that is left where every refund of the charge took its share. */
export function shareOfRefund(
  { amount, takenBack }: SplitPart,
  refund: { readonly amount: number; readonly captured: number; readonly completes: boolean },
): number {
  const left = amount - takenBack;
  return refund.completes ? left : Math.min(left, proportion(amount, refund.amount, refund.captured));
}
