import type { Context } from '../core/context.ts';
import { scramble } from '../core/ids.ts';
import { invalid, noSuch, StripeError } from '../http/errors.ts';
import type { Parsed } from '../http/params.ts';
import { atLeast, currency, hash, metadata, optional, required, text } from '../http/params.ts';
import type { BankAccount, DebitCard, ExternalAccount, PayoutOutcome } from '../objects/accounts.ts';
import type { UsableCard } from './cards.ts';
import { readCard, spendToken } from './methods.ts';

const bankShape = {
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
};

export const bankAccountParams = hash(bankShape);

export type BankParams = Parsed<typeof bankShape>;

const cardShape = {
  address_zip: optional(text),
  currency: required(currency),
  cvc: optional(text),
  default_for_currency: optional(text),
  exp_month: optional(atLeast(1)),
  exp_year: optional(atLeast(1)),
  metadata: optional(metadata),
  name: optional(text),
  number: required(text),
  object: required(text),
};

const debitCardParams = hash(cardShape);

type CardParams = Parsed<typeof cardShape>;

/** A token, or the account itself: `object` distinguishes a card from a bank account. */
export function externalAccountParams(value: unknown, name: string): string | BankParams | CardParams {
  if (typeof value === 'string') return text(value, name);
  const isCard = (value as { object?: unknown } | null)?.object === 'card';
  return isCard ? debitCardParams(value, name) : bankAccountParams(value, name);
}

/** Stripe's test numbers end alike in every country; https://docs.stripe.com/connect/testing#account-numbers. */
const OUTCOMES: [suffix: RegExp, outcome: PayoutOutcome][] = [
  [/1{5}6$/, 'no_account'],
  [/1{5}3$/, 'account_closed'],
  [/2{5}7$/, 'insufficient_funds'],
  [/3{5}5$/, 'debit_not_authorized'],
  [/4{5}0$/, 'invalid_currency'],
  [/^[A-Z]{2}\d{2}.*3001$/, 'no_account'],
  [/^[A-Z]{2}\d{2}.*3002$/, 'account_closed'],
  [/^[A-Z]{2}\d{2}.*3003$/, 'insufficient_funds'],
  [/^[A-Z]{2}\d{2}.*3004$/, 'debit_not_authorized'],
  [/^[A-Z]{2}\d{2}.*3005$/, 'invalid_currency'],
];

const SUCCESS_NUMBER = '000123456789';

function outcomeOf(country: string, number: string): PayoutOutcome | undefined {
  const strict = country === 'US' || country === 'CA';
  if (number === SUCCESS_NUMBER) return 'paid';
  const found = OUTCOMES.find(([suffix]) => suffix.test(number))?.[1];
  if (found && (!strict || /^000\d{9}$/.test(number))) return found;
  // Outside the US and Canada accounts are named by IBAN or local forms: any test-looking one will do.
  return !strict && number.length >= 6 ? 'paid' : undefined;
}

const ROUTING_NUMBER_US = /^\d{9}$/;

export function readBankAccount(ctx: Context, params: BankParams, param: string): BankAccount {
  const payout = outcomeOf(params.country, params.account_number);
  if (!payout) {
    throw invalid(
      'You must use a test bank account number in test mode. Try 000123456789 or see more options at https://stripe.com/docs/connect/testing#account-numbers.',
      `${param}[account_number]`,
      'account_number_invalid',
    );
  }
  if (params.country === 'US' && !ROUTING_NUMBER_US.test(params.routing_number ?? '')) {
    throw invalid(
      'Routing number must have 9 digits',
      `${param}[routing_number]`,
      params.routing_number === undefined ? 'parameter_missing' : 'routing_number_invalid',
    );
  }
  const { account_number, routing_number = null, country } = params;
  return {
    id: ctx.ids.owned('ba', ctx.account),
    object: 'bank_account',
    account_holder_name: params.account_holder_name ?? null,
    account_holder_type: params.account_holder_type ?? null,
    bank_name: 'STRIPE TEST BANK',
    country,
    currency: params.currency ?? 'usd',
    default_for_currency: true,
    fingerprint: scramble(`bank:${country}:${routing_number}:${account_number}`, 0, 16),
    last4: account_number.slice(-4),
    metadata: params.metadata ?? {},
    routing_number,
    status: 'new',
    sandbox: { payout, instant: country === 'US' && payout === 'paid' },
  };
}

const FAILING_CARD = '5572';
const NOT_INSTANT_CARD = '5555';

function debitCard(
  ctx: Context,
  card: UsableCard,
  fields: { currency: string | null; name: string | null; id?: string },
  param: string,
): DebitCard {
  if (card.funding !== 'debit') {
    throw new StripeError(402, {
      code: 'invalid_card_type',
      message:
        'The card provided as an external account is not a debit card. Provide a debit card that can receive payouts.',
      param,
      type: 'card_error',
    });
  }
  const { currency } = fields;
  if (currency === null) {
    throw invalid('Missing required param: currency.', `${param}[currency]`, 'parameter_missing');
  }
  const { brand, country, exp_month, exp_year, fingerprint, funding, last4 } = card;
  return {
    id: fields.id ?? ctx.ids.owned('card', ctx.account),
    object: 'card',
    brand,
    country,
    currency,
    default_for_currency: true,
    exp_month,
    exp_year,
    fingerprint,
    funding,
    last4,
    metadata: {},
    name: fields.name,
    status: 'new',
    sandbox: {
      payout: last4 === FAILING_CARD ? 'could_not_process' : 'paid',
      instant: last4 !== NOT_INSTANT_CARD,
    },
  };
}

/** Tokens that Stripe offers ready-made, `btok_us_verified…`. */
const TEST_BANK_TOKENS: Record<string, string> = {
  btok_us: SUCCESS_NUMBER,
  btok_us_verified: SUCCESS_NUMBER,
  btok_us_verified_accountClosed: '000111111113',
  btok_us_verified_debitNotAuthorized: '000333333335',
  btok_us_verified_insufficientFunds: '000222222227',
  btok_us_verified_invalidCurrency: '000444444440',
  btok_us_verified_noAccount: '000111111116',
};

/** What a platform gives as a way to pay an account out: a token, a bank account or a debit card. */
export function readExternalAccount(
  ctx: Context,
  given: ReturnType<typeof externalAccountParams>,
  param: string,
  account: { id: string; default_currency: string },
): ExternalAccount {
  const acting: Context = { ...ctx, account: account.id };
  if (typeof given !== 'string') {
    if (!('number' in given)) return readBankAccount(acting, given, param);
    const card = readCard(ctx, given, param);
    return debitCard(acting, card, { currency: given.currency, name: given.name ?? null }, param);
  }
  const number = TEST_BANK_TOKENS[given];
  if (number !== undefined) {
    return readBankAccount(
      acting,
      { account_number: number, country: 'US', currency: 'usd', routing_number: '110000000' },
      param,
    );
  }
  const token = ctx.tx.get('token', given);
  if (token?.bank_account && token.owner === ctx.account) {
    if (token.used) throw tokenUsed(given, param);
    ctx.tx.update('token', given, { used: true });
    return token.bank_account;
  }
  if (!given.startsWith('tok_')) throw noSuch('token', given, param);
  const card = spendToken(ctx, given, param);
  // A ready-made test token names no currency: it takes the account's.
  const { currency, name, id } = token?.card ?? {
    currency: account.default_currency,
    name: null,
    id: undefined,
  };
  return debitCard(acting, card, { currency, name, ...(id === undefined ? {} : { id }) }, param);
}

export function tokenUsed(id: string, param: string): StripeError {
  return invalid(`You cannot use a Stripe token more than once: ${id}.`, param, 'token_already_used');
}
