import type { Operation } from '../ids.ts';

export const RESOLVE_ACTIONS = [
  'retry',
  'retry_with_new_key',
  'mark_done',
  'abandon',
  'acknowledge',
  'approve',
  'decline',
] as const;
export type ResolveAction = (typeof RESOLVE_ACTIONS)[number];

/**
 * What an operator has to decide with `resolve`: an operation that is stuck, which is probed meanwhile, or a payout that failed and
 * can be made again.
 */
export interface Attention {
  readonly operation: Operation;
  readonly operationId: string;
  readonly code: string;
  readonly message: string;
  readonly stripeRequestId: string | null;
  readonly since: number;
  /** When Waybill looks at it again, in milliseconds since the epoch; absent: it does not. */
  readonly nextProbeAt?: number;
  readonly generation: number;
  /** Of a stuck transfer: the account that it goes to, by Stripe's id. */
  readonly destination?: string;
  /** Of a stuck reversal: the transfer that it takes back, by Stripe's id. */
  readonly transfer?: string;
  readonly allowedActions: readonly ResolveAction[];
}
