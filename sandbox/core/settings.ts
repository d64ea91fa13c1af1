import { DAY_SECONDS } from './clock.ts';

/** What the controls may change while the sandbox runs, under the names they use. */
export interface Adjustable {
  /** From an automatic_async payment to its transfer, fee and balance transaction. */
  async_settlement_seconds: number;
  /** From an authorization to its lapse; null leaves it to the card's brand. */
  capture_window_seconds: number | null;
  /** From money taken with a dispute card to the dispute. */
  dispute_after_seconds: number;
  /** How long evidence may take. */
  dispute_response_seconds: number;
  /** From evidence to the bank's decision. */
  dispute_decision_seconds: number;
  /** How long Stripe looks at who is behind a US account. */
  verification_seconds: number;
  /** From a refund to its bank's answer, with the cards that make it late. */
  async_refund_seconds: number;
  /** From a refund's failure until its money is on the balance again, and an entry says so. */
  failed_refund_returns_seconds: number;
  /** From a card refund that succeeded until its reference is known, in live mode mostly a day; in test mode 2 seconds. */
  refund_reference_seconds: number;
  /** From a US bank account's debit to its end. */
  bank_debit_seconds: number;
  /** Requests that are taken within a second; null: any number. */
  rate_limit_per_second: number | null;
  /** Events, and deliveries of them, that are kept, the newest; Stripe keeps all for thirty days. */
  events_kept_max: number;
  /** Payments that have succeeded or were canceled that are kept, the newest; null, as at Stripe: all. */
  payments_kept_max: number | null;
  /** Whether Stripe gives its fee back with a refund, as it does to some platforms. */
  refunds_return_fee: boolean;
  /** Whether a refund that the balance does not cover waits until it does, as live ones do. */
  refunds_wait_for_funds: boolean;
  /** Whether a reversal may pull a connected account below zero that the platform answers for. */
  negative_balances: boolean;
  /** What Stripe gives only some accounts, and then only to payments that ask for it. */
  extended_authorization: boolean;
  incremental_authorization: boolean;
  multicapture: boolean;
}

export const DEFAULT_SETTINGS: Adjustable = {
  async_settlement_seconds: 1,
  capture_window_seconds: null,
  dispute_after_seconds: 0,
  dispute_response_seconds: 9 * DAY_SECONDS,
  dispute_decision_seconds: 3,
  verification_seconds: 5,
  async_refund_seconds: 5,
  failed_refund_returns_seconds: 0,
  refund_reference_seconds: DAY_SECONDS,
  bank_debit_seconds: 4 * DAY_SECONDS,
  rate_limit_per_second: null,
  events_kept_max: 20_000,
  payments_kept_max: 20_000,
  refunds_return_fee: false,
  refunds_wait_for_funds: false,
  negative_balances: true,
  extended_authorization: false,
  incremental_authorization: false,
  multicapture: false,
};

export interface Settings extends Adjustable {
  platform: string;
  platformCountry: string;
  /** Where people reach the pages the sandbox serves, without a slash at the end. */
  publicUrl: string;
}

const NULLABLE: ReadonlySet<string> = new Set<keyof Adjustable>([
  'capture_window_seconds',
  'payments_kept_max',
  'rate_limit_per_second',
]);

const MAX_SECONDS = 400 * DAY_SECONDS;

/** Why a value makes no sense for a setting; nothing where it does. */
export function settingFault(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(DEFAULT_SETTINGS, name)) return `unknown setting: ${name}`;
  const usual = DEFAULT_SETTINGS[name as keyof Adjustable];
  if (typeof usual === 'boolean') {
    return typeof value === 'boolean' ? undefined : `${name} must be true or false`;
  }
  if (value === null && NULLABLE.has(name)) return undefined;
  const fits = typeof value === 'number' && value >= 0 && value <= MAX_SECONDS;
  return fits ? undefined : `${name} must be a number from 0 to ${MAX_SECONDS}`;
}
