import type { AccountRestriction } from './account-restriction.ts';
import type { Order } from './order.ts';

/** What a connected account can take, sent to the orders that wait for their capture. */
export interface AccountNotice {
  readonly account: string;
  /** It can receive transfers. */
  readonly canReceive: boolean;
  /** It can be the settlement merchant. */
  readonly canSettle: boolean;
  /** What is missing, for people. */
  readonly detail: string;
}

/** The name of the signal that carries an {@link AccountNotice}. */
export const ACCOUNT_NOTICE_SIGNAL = 'accountNotice';

/** The notice that a signal carries; null if it carries none. */
export function accountNoticeFrom(raw: unknown): AccountNotice | null {
  const { account, canReceive, canSettle, detail }: Partial<Record<keyof AccountNotice, unknown>> =
    Object(raw);
  if (typeof account !== 'string' || typeof detail !== 'string') return null;
  if (typeof canReceive !== 'boolean' || typeof canSettle !== 'boolean') return null;
  return { account, canReceive, canSettle, detail };
}

/** What a notice makes of an order's restriction; null: its account can take its money. */
export function restrictionBy(
  { terms, accountRestriction }: Pick<Order, 'terms' | 'accountRestriction'>,
  { canReceive, canSettle, detail }: AccountNotice,
  at: number,
): AccountRestriction | null {
  if (canReceive && (canSettle || !terms.onBehalfOf)) return null;
  return { detail, since: accountRestriction?.since ?? at };
}
