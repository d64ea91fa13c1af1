import { z } from 'zod';
import { currencyCode, livemode, minorUnits, rfc3339 } from '../http/common.ts';

const amountsByCurrency = z.array(z.object({ amount: minorUnits, currency: currencyCode }));

/** What an account has, by currency. */
export const balanceResource = z
  .object({
    object: z.literal('balance'),
    account: z.string().nullable().meta({ description: 'The connected account; null: the platform.' }),
    available: amountsByCurrency.meta({ description: 'May be paid out or transferred; may be negative.' }),
    pending: amountsByCurrency.describe('Not available yet.'),
    instant_available: amountsByCurrency.meta({ description: 'May be paid out instantly.' }),
    connect_reserved: amountsByCurrency.meta({
      description: 'Held back on the platform for connected accounts below zero.',
    }),
    livemode: livemode,
  })
  .meta({ id: 'Balance' });

const transactionFields = {
  id: z.string().describe("Stripe's id (txn_…)."),
  object: z.literal('balance_transaction'),
  type: z.string().describe("Stripe's type."),
  reporting_category: z.string().describe("Stripe's own grouping for reports."),
  amount: minorUnits.describe('Gross, in minor units; negative: it left the balance.'),
  fee: minorUnits.describe('What Stripe, or the platform, took of it, in minor units.'),
  net: minorUnits.meta({ description: 'What it did to the balance: amount − fee, in minor units.' }),
  currency: currencyCode,
  fee_details: z
    .array(
      z.object({
        type: z.string().describe('Whose fee it is: stripe_fee, application_fee or tax.'),
        amount: minorUnits,
        currency: currencyCode,
        description: z.string().nullable().describe('What it is for.'),
      }),
    )
    .describe('What `fee` is made of.'),
  exchange_rate: z
    .number()
    .nullable()
    .describe(
      'How many units of the balance’s currency one unit of the original currency was worth. Null: nothing was converted.',
    ),
  source: z.string().nullable().describe('The Stripe object behind it.'),
  description: z.string().nullable().describe("Stripe's own text."),
  status: z.string().describe('available or pending.'),
  available_on: rfc3339.describe('When it counts as available.'),
  created: rfc3339.describe('When it happened.'),
};

/** One line of an account's balance history, as Stripe shows it. */
export const balanceTransactionResource = z.object(transactionFields).meta({ id: 'BalanceTransaction' });

const TRANSACTION_REASONS = [
  'charge',
  'charge_failure',
  'transfer',
  'application_fee',
  'refund',
  'transfer_reversal',
  'application_fee_refund',
  'special_case_transfer',
  'dispute',
  'dispute_reversal',
  'other',
] as const;

const orderTransactionResource = z
  .object({
    ...transactionFields,
    side: z.enum(['platform', 'connected']).describe('Whose balance it changed.'),
    account: z.string().nullable().meta({ description: 'The connected account; null: the platform.' }),
    reason: z.enum(TRANSACTION_REASONS).describe('What it has to do with the order.'),
  })
  .meta({ id: 'OrderBalanceTransaction' });

/** Every balance transaction that explains an order, on both sides. */
export const orderTransactionsResource = z
  .object({
    object: z.literal('list'),
    url: z.string().describe('The path of this list.'),
    has_more: z.literal(false),
    data: z.array(orderTransactionResource).describe('Oldest first.'),
    totals: z
      .object({
        platform: amountsByCurrency.describe("The platform's side."),
        connected: amountsByCurrency.describe("The connected account's side."),
        stripe_fee: amountsByCurrency.describe('What Stripe took.'),
      })
      .meta({
        description: "Sums of `net` by side, equal to the order's `funds` once nothing is outstanding.",
      }),
  })
  .meta({ id: 'OrderBalanceTransactions' });

export type BalanceResource = z.output<typeof balanceResource>;
export type BalanceTransactionResource = z.output<typeof balanceTransactionResource>;
export type OrderTransaction = z.output<typeof orderTransactionResource>;
export type OrderTransactionsResource = z.output<typeof orderTransactionsResource>;
