import type { Context } from '../core/context.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { currency, hash, metadata, optional, required, text } from '../http/params.ts';
import type { BankAccount } from '../objects/connect.ts';

export const bankAccountParams = hash({
  account_holder_name: optional(text),
  account_holder_type: optional(text),
  account_number: required(text),
  account_type: optional(text),
  country: required(text),
  currency: optional(currency),
  metadata: optional(metadata),
  object: optional(text),
  payment_method: optional(text),
  routing_number: optional(text),
});

/** Stripe's test numbers: the first works, the others are for payouts that fail later. */
const TEST_NUMBERS = new Set([
  '000123456789',
  '000111111116',
  '000111111113',
  '000222222227',
  '000999999991',
]);

function isTestNumber(country: string, number: string): boolean {
  // Outside the US and Canada accounts are named by IBAN or local forms: any test-looking one will do.
  return TEST_NUMBERS.has(number) || (country !== 'US' && country !== 'CA' && number.length >= 6);
}

export function readBankAccount(
  ctx: Context,
  params: ReturnType<typeof bankAccountParams>,
  param: string,
): BankAccount {
  if (!isTestNumber(params.country, params.account_number)) {
    throw invalid(
      'You must use a test bank account number in test mode. Try 000123456789 or see more options at https://stripe.com/docs/connect/testing#account-numbers.',
      `${param}[account_number]`,
      'account_number_invalid',
    );
  }
  return {
    id: ctx.ids.owned('ba', ctx.account),
    object: 'bank_account',
    account_holder_name: params.account_holder_name ?? null,
    account_holder_type: params.account_holder_type ?? null,
    bank_name: 'STRIPE TEST BANK',
    country: params.country,
    currency: params.currency ?? 'usd',
    default_for_currency: true,
    fingerprint: `Ba${params.account_number.slice(-4)}Waybill1`,
    last4: params.account_number.slice(-4),
    metadata: params.metadata ?? {},
    routing_number: params.routing_number ?? null,
  };
}

/** A bank account token, turned into an external account once. */
export function spendBankToken(ctx: Context, id: string, param: string): BankAccount {
  const token = ctx.tx.get('token', id);
  if (!token?.bank_account) throw noSuch('token', id, param);
  if (token.used)
    throw invalid(`You cannot use a Stripe token more than once: ${id}.`, param, 'token_already_used');
  ctx.tx.update('token', id, { used: true });
  return token.bank_account;
}
