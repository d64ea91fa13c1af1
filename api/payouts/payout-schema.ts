import { z } from 'zod';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import { payoutMetadata } from '../../domain/ids.ts';
import {
  approvalResource,
  attentionResource,
  currencyCode,
  livemode,
  metadataPairs,
  minorUnits,
  pendingResource,
  rfc3339,
} from '../http/common.ts';
import * as field from '../http/fields.ts';

export const PAYOUT_STATUSES = [
  'creating',
  'waiting_for_funds',
  'pending',
  'in_transit',
  'paid',
  'failed',
  'canceled',
] as const;

const destination = z
  .string()
  .regex(/^(ba|card)_[A-Za-z0-9_]{1,250}$/, {
    error:
      'must be a bank account (ba_) or debit card (card_) of the connected account: nothing can be paid out to a customer or a payment method',
  })
  .meta({ example: 'ba_1WaybillUSCustomBank0001' });

export const createPayoutBody = z
  .strictObject({
    amount: field.amount,
    currency: field.payoutCurrency,
    method: z
      .enum(['standard', 'instant'])
      .default('standard')
      .describe('standard takes days, instant minutes.'),
    destination: destination.optional().meta({
      description: "The account's default for the currency when absent.",
    }),
    when_available: z.boolean().default(false).meta({
      description: 'Wait until the available balance covers it, instead of being refused.',
    }),
    statement_descriptor: field.payoutDescriptor.optional().describe("What the bank's statement shows."),
    description: field.description.optional().describe('Your own text, shown in the Dashboard.'),
    metadata: field
      .metadataBeside({ ...payoutMetadata('', ''), [REQUEST_HASH]: '' })
      .default({})
      .describe('Your own names and values.'),
    reason: field.reason.optional(),
  })
  .meta({ id: 'PayoutCreate', example: { amount: 500, currency: 'usd', when_available: true } });

const failure = z.object({
  stripe_payout: z.string().describe('The payout that failed (po_…).'),
  code: z.string().nullable().describe("Stripe's failure code."),
  reason: z.string().meta({ description: 'Why it failed, in a sentence.' }),
  todo: z.string().meta({ description: 'What to do about it.' }),
});

/** A payout out of a connected account's balance: one of Waybill's, or one that Stripe made by the account's schedule. */
export const payoutResource = z
  .object({
    id: z.string().describe("Waybill's id (wpo_…); of an automatic payout Stripe's."),
    object: z.literal('payout'),
    status: z
      .enum(PAYOUT_STATUSES)
      .describe('Where it stands. paid: its bank has it, and may still give it back.'),
    connected_account: z.string().describe('Whose balance it leaves (acct_…).'),
    amount: minorUnits.describe('Paid out, in minor units.'),
    currency: currencyCode,
    method: z.enum(['standard', 'instant']).describe('standard takes days, instant minutes.'),
    automatic: z.boolean().meta({ description: "Made by Stripe, by the account's schedule." }),
    destination: z
      .string()
      .nullable()
      .describe('The bank account or debit card (ba_… or card_…). Null: not known yet.'),
    stripe_payout: z.string().nullable().describe("Stripe's id (po_…). Null: it is not made yet."),
    arrival_date: rfc3339.nullable().describe('When the bank should have it. Null: not known yet.'),
    trace_id: z
      .object({
        status: z
          .string()
          .describe(
            "Stripe's: pending until up to 10 days after arrival_date, then supported, or unsupported: the bank gives none.",
          ),
        value: z.string().nullable().describe('The number. Null: there is none, or none yet.'),
      })
      .nullable()
      .meta({ description: 'By which the bank finds it, for a payee who misses it. Null: not known yet.' }),
    reversed_by: z
      .string()
      .nullable()
      .describe("Stripe's id (po_…) of the payout that brings its money back. Null: none does."),
    original_payout: z
      .string()
      .nullable()
      .describe("Stripe's id (po_…) of the payout that this one reverses. Null: it reverses none."),
    when_available: z.boolean().describe('Whether it waits for funds.'),
    funds: z
      .object({
        available: minorUnits,
        pending: z
          .array(
            z.object({ amount: minorUnits, available_on: rfc3339.describe('When it becomes available.') }),
          )
          .describe('On its way to the balance.'),
      })
      .nullable()
      .meta({
        description: 'While it waits for funds: what is there for its method, what is on its way, and when.',
      }),
    failure: failure.nullable().describe('Why it failed. Null: it did not.'),
    previous_failures: z.array(failure).meta({
      description: 'Of payouts that were made again.',
    }),
    pending: pendingResource.nullable(),
    needs_attention: attentionResource.nullable(),
    approvals: z.array(approvalResource).describe("What waits for another person's approval."),
    statement_descriptor: z.string().nullable().describe("What the bank's statement shows."),
    description: z.string().nullable().describe('Your own text, shown in the Dashboard.'),
    metadata: metadataPairs,
    created: rfc3339.describe('When it was asked for.'),
    livemode: livemode,
  })
  .meta({ id: 'Payout' });

/** What a list shows of a payout of Waybill's, without asking its workflow. */
export const payoutSummaryResource = payoutResource
  .pick({
    id: true,
    object: true,
    status: true,
    connected_account: true,
    amount: true,
    currency: true,
    method: true,
    automatic: true,
    description: true,
    needs_attention: true,
    metadata: true,
    created: true,
    livemode: true,
  })
  .meta({
    id: 'PayoutSummary',
    description: 'A payout in a list, as Temporal last indexed it. Its values are those of the whole payout.',
  });

export type PayoutSummaryResource = z.output<typeof payoutSummaryResource>;

export type PayoutResource = z.output<typeof payoutResource>;
