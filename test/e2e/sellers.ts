import type { Waybill } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';
import { control, createOrder } from './support.ts';

export const VERIFIED_AFTER_SECONDS = 60;

/** Stripe's test numbers of bank accounts, by what becomes of a payout to them. */
export const BANKS = { good: '000123456789', closed: '000111111113', unknown: '000111111116' } as const;

export interface SellerOptions {
  readonly bank?: keyof typeof BANKS;
  /** A token of a debit card, instead of a bank account. */
  readonly card?: string;
  /** Minor units of USD on its balance. */
  readonly earned?: number;
  readonly schedule?: 'manual' | 'daily';
}

/** A connected account of its own, so that nothing else moves its balance. */
export async function seller(waybill: Waybill, options: SellerOptions = {}): Promise<string> {
  const { bank = 'good', card, earned = 0, schedule = 'manual' } = options;
  const { id } = await waybill.stripe.accounts.create({
    type: 'custom',
    country: 'US',
    business_type: 'individual',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    external_account: card ?? bankAccount(bank),
    settings: { payouts: { schedule: { interval: schedule } } },
  });
  await control(waybill, 'clock/advance', { seconds: VERIFIED_AFTER_SECONDS });
  if (earned > 0) await earn(waybill, id, earned);
  return id;
}

/** An order whose money is the account's: at once, or (`tok_visa`) when Stripe makes it available. */
export async function earn(
  waybill: Waybill,
  account: string,
  amount: number,
  token: 'tok_bypassPending' | 'tok_visa' = 'tok_bypassPending',
): Promise<void> {
  const terms = { amount, connected_account: account, capture_method: 'automatic' };
  const { status, body } = await createOrder(waybill, { ...terms, payment_method: undefined, token });
  if (status !== 201) throw new Error(`the order was answered ${status}: ${JSON.stringify(body)}`);
}

/** Another bank account, from now on the account's default. */
export async function replaceBank(
  waybill: Waybill,
  account: string,
  bank: keyof typeof BANKS,
): Promise<void> {
  await waybill.stripe.accounts.createExternalAccount(account, {
    external_account: bankAccount(bank),
    default_for_currency: true,
  });
}

export function payOut(
  waybill: Waybill,
  account: string,
  body: Record<string, unknown> = {},
  options: { key?: string; headers?: Record<string, string> } = {},
) {
  const terms = { amount: 600, currency: 'usd', ...body };
  return request(waybill, 'POST', `/v1/accounts/${account}/payouts`, { body: terms, ...options });
}

/** As if the time of the sandbox had passed. */
export function days(waybill: Waybill, count: number): Promise<void> {
  return control(waybill, 'clock/advance', { seconds: count * 86_400 });
}

function bankAccount(bank: keyof typeof BANKS) {
  return {
    object: 'bank_account' as const,
    country: 'US',
    currency: 'usd',
    routing_number: '110000000',
    account_number: BANKS[bank],
  };
}
