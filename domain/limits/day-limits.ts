/** What moves money out. A refund, a special-case transfer with or without an order, a payout of a connected account. */
export const MONEY_OUT = ['refund', 'transfer', 'payout'] as const;
export type MoneyOut = (typeof MONEY_OUT)[number];

export function isMoneyOut(what: string): what is MoneyOut {
  return MONEY_OUT.some((one) => one === what);
}

/** The most of one kind in one day (UTC). */
export interface DayLimit {
  /** Minor units by currency. A currency that is not named: nothing. Absent: any amount. */
  readonly max?: Readonly<Record<string, number>>;
  /** How many. Absent: any number. */
  readonly count?: number;
}

export type DayLimits = Readonly<Partial<Record<MoneyOut, DayLimit>>>;

/** What an API key may move in a day. */
export interface KeyDayLimits {
  /** The key's name. */
  readonly key: string;
  readonly limits: DayLimits;
}

/** The limits of these kinds, without those that limit nothing. */
export function dayLimits(given: Readonly<Record<MoneyOut, DayLimit>>): DayLimits {
  return Object.fromEntries(Object.entries(given).filter(([, limit]) => Object.keys(limit).length > 0));
}
