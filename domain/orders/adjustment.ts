import type { Balances } from '../money/money.ts';

/**
 * Money that moved between platform and connected account outside any refund: somebody reversed one of the order's
 * transfers, or returned its application fee, without a refund.
 */
export interface Adjustment {
  /** Stripe's id of the transfer reversal or fee refund. */
  readonly id: string;
  readonly type: 'transfer_reversal' | 'application_fee_refund';
  /** Stripe's id of the transfer that was reversed; null: a fee was refunded. */
  readonly transfer: string | null;
  /** The command that made it; null: made outside Waybill. */
  readonly operationId: string | null;
  /** Minor units of `currency`: the transfer's, or the application fee's own. */
  readonly amount: number;
  readonly currency: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** What it did to the platform's balance; null while unknown. */
  readonly platform: Balances | null;
  readonly connected: Balances;
}
