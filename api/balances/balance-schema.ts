import { z } from 'zod';
import { minorUnits, rfc3339 } from '../http/common.ts';

export const amountsByCurrency = z.array(z.object({ amount: minorUnits, currency: z.string() }));

/** What an account has, by currency. */
export const balanceResource = z
  .object({
    object: z.literal('balance'),
    account: z.string().nullable().meta({ description: 'The connected account; null: the platform.' }),
    available: amountsByCurrency.meta({ description: 'May be paid out or transferred; may be negative.' }),
    pending: amountsByCurrency,
    instant_available: amountsByCurrency.meta({ description: 'May be paid out instantly.' }),
    connect_reserved: amountsByCurrency.meta({
      description: 'Held back on the platform for connected accounts below zero.',
    }),
    livemode: z.boolean(),
  })
  .meta({ id: 'Balance' });

const transactionFields = {
  id: z.string(),
  object: z.literal('balance_transaction'),
  type: z.string(),
  reporting_category: z.string(),
  amount: minorUnits,
  fee: minorUnits,
  net: minorUnits.meta({ description: 'What it did to the balance: amount − fee.' }),
  currency: z.string(),
  fee_details: z.array(
    z.object({
      type: z.string(),
      amount: minorUnits,
      currency: z.string(),
      description: z.string().nullable(),
    }),
  ),
  exchange_rate: z.number().nullable(),
  source: z.string().nullable(),
  description: z.string().nullable(),
  status: z.string(),
  available_on: rfc3339,
  created: rfc3339,
};

/** One line of an account's balance history, as Stripe tells it. */
export const balanceTransactionResource = z.object(transactionFields).meta({ id: 'BalanceTransaction' });

export const TRANSACTION_REASONS = [
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
    side: z.enum(['platform', 'connected']),
    account: z.string().nullable().meta({ description: 'The connected account; null: the platform.' }),
    reason: z.enum(TRANSACTION_REASONS),
  })
  .meta({ id: 'OrderBalanceTransaction' });

/** Every balance transaction that explains an order, on both sides. */
export const orderTransactionsResource = z
  .object({
    object: z.literal('list'),
    url: z.string(),
    has_more: z.literal(false),
    data: z.array(orderTransactionResource),
    totals: z
      .object({
        platform: amountsByCurrency,
        connected: amountsByCurrency,
        stripe_fee: amountsByCurrency,
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
