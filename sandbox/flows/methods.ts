import type { Context } from '../core/context.ts';
import { concerning, invalid, noSuch, StripeError } from '../http/errors.ts';
import type { AllowRedisplay, PaymentMethod } from '../objects/customers.ts';
import type { PaymentIntent } from '../objects/payments.ts';
import { NO_BILLING_DETAILS } from '../views/payments.ts';
import { testBankByName, testBankByNumber, type UsableBank } from './bank-debits.ts';
import type { UsableCard } from './cards.ts';
import { declineOf, testCardByName, testCardByNumber } from './cards.ts';
import { emit } from './events.ts';

/** A payment method of its own for a card, as the test ids `pm_card_…` and tokens become on their first use. */
export function saveCard(
  ctx: Context,
  card: UsableCard,
  extra: Partial<Pick<PaymentMethod, 'allow_redisplay' | 'customer' | 'metadata'>> & {
    prefix?: 'pm' | 'card';
    billing?: Record<string, unknown>;
  } = {},
): PaymentMethod {
  const { behaviour, ...details } = card;
  return ctx.tx.put('payment_method', {
    id: ctx.ids.owned(extra.prefix ?? 'pm', ctx.account),
    owner: ctx.account,
    ...redisplay(extra),
    billing_details: { ...NO_BILLING_DETAILS, ...extra.billing },
    card: details,
    us_bank_account: null,
    created: ctx.now,
    customer: extra.customer ?? null,
    metadata: extra.metadata ?? {},
    sandbox: { behaviour, spent: false },
  });
}

export function saveBank(
  ctx: Context,
  bank: UsableBank,
  extra: Partial<Pick<PaymentMethod, 'allow_redisplay' | 'metadata'>> & {
    billing?: Record<string, unknown>;
  } = {},
): PaymentMethod {
  const { behaviour, ...details } = bank;
  return ctx.tx.put('payment_method', {
    id: ctx.ids.owned('pm', ctx.account),
    owner: ctx.account,
    ...redisplay(extra),
    billing_details: { ...NO_BILLING_DETAILS, ...extra.billing },
    card: null,
    us_bank_account: details,
    created: ctx.now,
    customer: null,
    metadata: extra.metadata ?? {},
    sandbox: { behaviour, spent: false },
  });
}

function redisplay({ allow_redisplay }: { allow_redisplay?: AllowRedisplay }): Partial<PaymentMethod> {
  return allow_redisplay === undefined ? {} : { allow_redisplay };
}

export function typeOf({ us_bank_account: bank }: PaymentMethod): 'card' | 'us_bank_account' {
  return bank ? 'us_bank_account' : 'card';
}

/** Tried once without a customer, it will not be taken again. */
export function noteTried(ctx: Context, method: PaymentMethod, customer: string | null): void {
  if (method.customer !== null) return;
  const { sandbox } = method;
  const spent = sandbox.spent || customer === null;
  ctx.tx.update('payment_method', method.id, { sandbox: { ...sandbox, spent, tried: true } });
}

/** The payment method an id stands for: a saved one of this account, or a test card's name. */
export function findPaymentMethod(
  ctx: Context,
  id: string,
  param: string,
  status: 400 | 404 = 400,
): PaymentMethod {
  const test = id.startsWith('pm_card_') ? testCardByName(id) : undefined;
  if (test) return saveCard(ctx, test);
  const bank = testBankByName(id);
  if (bank) return saveBank(ctx, bank);
  const method = ctx.tx.get('payment_method', id);
  if (!method || method.owner !== ctx.account) throw noSuchMethod(ctx, method, id, param, status);
  return method;
}

/** A request as an account that names the platform's payment method gets a long explanation. */
function noSuchMethod(
  ctx: Context,
  method: PaymentMethod | undefined,
  id: string,
  param: string,
  status: 400 | 404,
): StripeError {
  const missing = noSuch('PaymentMethod', id, param, status);
  if (method?.owner !== ctx.settings.platform) return missing;
  const message = `${missing.body.message}; OAuth key or Stripe-Account header was used but API request was provided with a platform-owned payment method ID. Please ensure that the provided payment method matches the specified account.`;
  return new StripeError(missing.status, { ...missing.body, message }, missing.traits);
}

/** Before a charge: whose payment method it is, and whether it may be used (again). */
export function checkUsable(
  method: PaymentMethod,
  customer: string | null,
  intent?: Pick<PaymentIntent, 'id'>,
): void {
  if (method.customer !== null && method.customer !== customer) {
    const error =
      customer === null
        ? invalid(
            `The \`payment_method\` parameter supplied ${method.id} belongs to the Customer ${method.customer}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
            'source',
            'parameter_missing',
          )
        : invalid(
            `The PaymentMethod ${method.id} does not belong to the Customer you supplied ${customer}. Please use this PaymentMethod with the Customer that it belongs to instead.`,
            'payment_method',
          );
    throw intent ? concerning(intent, error) : error;
  }
  if (method.customer === null && method.sandbox.spent) {
    throw invalid(
      'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
      'payment_method',
    );
  }
}

/** These decline only when they are charged. */
const ATTACHABLE = new Set(['charge_customer_fail', 'authentication_then_decline']);

export function attachToCustomer(ctx: Context, method: PaymentMethod, customer: string): PaymentMethod {
  if (method.customer === customer) return method;
  if (method.customer !== null) {
    throw invalid(
      'The payment method you provided has already been attached to a customer.',
      'payment_method',
    );
  }
  if (method.sandbox.spent) checkUsable(method, null);
  const decline = method.card ? declineOf(method.sandbox.behaviour) : undefined;
  if (decline && !ATTACHABLE.has(method.sandbox.behaviour)) {
    throw new StripeError(402, {
      param: '',
      ...decline,
      type: 'card_error',
    });
  }
  const sandbox = { ...method.sandbox, tried: true } as const;
  const attached = ctx.tx.update('payment_method', method.id, { customer, sandbox });
  emit(ctx, 'payment_method.attached', 'payment_method', attached, ctx.account);
  return attached;
}

export interface CardParams {
  number?: string | undefined;
  exp_month?: number | undefined;
  exp_year?: number | undefined;
  token?: string | undefined;
}

/** The card behind `card[token]` or `card[number]`. */
export function readCard(ctx: Context, params: CardParams, param: string): UsableCard {
  if (params.token !== undefined) return spendToken(ctx, params.token, `${param}[token]`);
  const digits = (params.number ?? '').replaceAll(/[\s-]/g, '');
  if (digits === '') {
    throw invalid(`Missing required param: ${param}[number].`, `${param}[number]`, 'parameter_missing');
  }
  const card = testCardByNumber(digits);
  if (!card) throw wrongNumber(digits);
  return {
    ...card,
    ...(params.exp_month === undefined ? {} : { exp_month: params.exp_month }),
    ...(params.exp_year === undefined ? {} : { exp_year: params.exp_year }),
  };
}

export interface BankParams {
  account_holder_type?: UsableBank['account_holder_type'] | undefined;
  account_number?: string | undefined;
  account_type?: UsableBank['account_type'] | undefined;
  routing_number?: string | undefined;
}

/** The bank account behind a test number. */
export function readBank(params: BankParams, param: string): UsableBank {
  const bank = testBankByNumber(params.account_number ?? '');
  if (!bank) {
    throw invalid(
      'You must use a test bank account number in test mode. Try 000123456789 or see more options at https://stripe.com/docs/connect/testing#account-numbers.',
      `${param}[account_number]`,
      'account_number_invalid',
    );
  }
  return {
    ...bank,
    account_holder_type: params.account_holder_type ?? bank.account_holder_type,
    account_type: params.account_type ?? bank.account_type,
    routing_number: params.routing_number ?? bank.routing_number,
  };
}

function passesLuhn(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false;
  let sum = 0;
  for (const [i, digit] of [...digits].reverse().entries()) {
    const doubled = i % 2 === 1 ? Number(digit) * 2 : Number(digit);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function wrongNumber(digits: string): StripeError {
  return passesLuhn(digits)
    ? new StripeError(402, {
        code: 'card_declined',
        decline_code: 'live_mode_test_card',
        message:
          'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
        type: 'card_error',
      })
    : new StripeError(402, {
        code: 'incorrect_number',
        message: 'Your card number is incorrect.',
        param: 'number',
        type: 'card_error',
      });
}

/** `tok_visa` and its like work any number of times; a created token works once. */
export function spendToken(ctx: Context, id: string, param: string): UsableCard {
  const test = testCardByName(id);
  if (test) return test;
  const token = ctx.tx.get('token', id);
  if (!token || token.owner !== ctx.account || !token.card) throw noSuch('token', id, param);
  if (token.used) {
    throw invalid(`You cannot use a Stripe token more than once: ${id}.`, param, 'token_already_used');
  }
  ctx.tx.update('token', id, { used: true });
  const { id: _, name: __, currency: ___, ...card } = token.card;
  return card;
}
