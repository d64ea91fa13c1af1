import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import type { DayLimits, MoneyOut } from '../limits/day-limits.ts';
import { formatMoney } from '../money/money.ts';
import type { Stake } from './approval.ts';

/** Minor units by currency. */
type Amounts = Readonly<Record<string, number>>;

/** What a key is confined to, beside its role; an absent field confines nothing. */
export interface KeyScope {
  /** Connected accounts, by Stripe's id: everything else of the platform is closed to the key. */
  readonly accounts?: readonly string[];
  /** The most that one refund may give back. A currency that is not named: nothing. */
  readonly refund_max?: Amounts;
  /** The same of a special-case transfer, of an order or of none. */
  readonly transfer_max?: Amounts;
  /** The same of a payout of a connected account. */
  readonly payout_max?: Amounts;
  /** What it may move out in a day. */
  readonly per_day?: DayLimits;
}

/** Why a key may not act for these accounts; null: it may. `accounts` is null where a request is about the whole platform. */
export function refusalOfAccounts(
  { accounts: allowed }: KeyScope,
  accounts: readonly string[] | null,
): Problem | null {
  if (!allowed) return null;
  if (accounts === null) {
    return problem(
      'forbidden',
      'This key acts for some connected accounts only, and this is about all of them.',
    );
  }
  const other = accounts.find((account) => !allowed.includes(account));
  return other === undefined ? null : problem('forbidden', `This key does not act for the account ${other}.`);
}

/** Whether anything limits the amount of such a command. */
export function isLimited(scope: KeyScope, what: MoneyOut): boolean {
  return scope[`${what}_max`] !== undefined;
}

/** Why a key may not give away so much at once; null: it may. */
export function refusalOfAmount(
  scope: KeyScope,
  { what, amount, currency }: Pick<Stake, 'amount' | 'currency'> & { readonly what: MoneyOut },
): Problem | null {
  const name = `${what}_max` as const;
  const limits = scope[name];
  if (!limits) return null;
  const most = limits[currency];
  if (most === undefined) {
    return problem(
      'limit_exceeded',
      `This key has no ${name} in ${currency}, so it makes no ${what}s in it.`,
    );
  }
  if (amount <= most) return null;
  const [asked, limit] = [amount, most].map((one) => formatMoney({ amount: one, currency }));
  return problem('limit_exceeded', `This key makes ${what}s of at most ${limit} (${name}), not of ${asked}.`);
}

/** Why a key may not set such a schedule: by every one but `manual` Stripe pays out all there is, which none of the key's limits holds for; null: it may. */
export function refusalOfSchedule(
  { payout_max: max, per_day: perDay }: KeyScope,
  interval: unknown,
): Problem | null {
  if (interval === 'manual' || (max === undefined && perDay?.payout === undefined)) return null;
  const why =
    "This key's payouts are limited, so it sets no schedule by which Stripe makes them: only manual.";
  return problem('limit_exceeded', why, { param: 'interval' });
}
