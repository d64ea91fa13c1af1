import type { Need } from '../orders/needs.ts';
import { firstNeed } from '../orders/needs.ts';
import type { Payout, PayoutTerms } from './payout.ts';
import { payoutNotices } from './payout-notices.ts';

/** What a list shows of a payout and no search attribute holds: as {@link OrderSummary} of an order. */
export interface PayoutSummary {
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly currency: string;
  readonly method: PayoutTerms['method'];
  readonly livemode: boolean;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; absent: when its workflow's run started. */
  readonly createdAt?: number;
  readonly need?: Need;
}

/** `startedAt`: when the workflow's run started, in milliseconds since the epoch; null: it is not the first run. */
export function payoutSummary(payout: Payout, startedAt: number | null): PayoutSummary {
  const { terms, livemode, createdAt, attention } = payout;
  const { amount, currency, method, description, metadata } = terms;
  const need = firstNeed(attention, payoutNotices(payout));
  return {
    amount,
    currency,
    method,
    livemode,
    ...(description === null ? {} : { description }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(createdAt === startedAt ? {} : { createdAt }),
    ...(need ? { need } : {}),
  };
}
