import { z } from 'zod';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import { payoutMetadata } from '../../domain/ids.ts';
import { attentionResource, minorUnits, pendingResource, rfc3339 } from '../http/common.ts';
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
    currency: field.currency,
    method: z.enum(['standard', 'instant']).default('standard'),
    destination: destination
      .optional()
      .meta({ description: "The account's default for the currency when absent." }),
    when_available: z.boolean().default(false).meta({
      description: 'Wait until the available balance covers it, instead of being refused.',
    }),
    statement_descriptor: field.payoutDescriptor.optional(),
    description: field.description.optional(),
    metadata: field.metadataBeside({ ...payoutMetadata('', ''), [REQUEST_HASH]: '' }).default({}),
  })
  .meta({ id: 'PayoutCreate' });

export const cancelPayoutBody = z.strictObject({}).meta({ id: 'PayoutCancel' });

const failure = z.object({
  stripe_payout: z.string(),
  code: z.string().nullable(),
  reason: z.string().meta({ description: 'Why it failed, in a sentence.' }),
  todo: z.string().meta({ description: 'What to do about it.' }),
});

/** A payout out of a connected account's balance: one of Waybill's, or one that Stripe made by the account's schedule. */
export const payoutResource = z
  .object({
    id: z.string(),
    object: z.literal('payout'),
    status: z.enum(PAYOUT_STATUSES),
    connected_account: z.string(),
    amount: minorUnits,
    currency: z.string(),
    method: z.enum(['standard', 'instant']),
    automatic: z.boolean().meta({ description: "Made by Stripe, by the account's schedule." }),
    destination: z.string().nullable(),
    stripe_payout: z.string().nullable(),
    arrival_date: rfc3339.nullable(),
    when_available: z.boolean(),
    funds: z
      .object({
        available: minorUnits,
        pending: z.array(z.object({ amount: minorUnits, available_on: rfc3339 })),
      })
      .nullable()
      .meta({ description: 'While it waits for funds: what is there, what is on its way, and when.' }),
    failure: failure.nullable(),
    previous_failures: z.array(failure).meta({ description: 'Of payouts that were made again.' }),
    pending: pendingResource.nullable(),
    needs_attention: attentionResource.nullable(),
    statement_descriptor: z.string().nullable(),
    description: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    created: rfc3339,
    livemode: z.boolean(),
  })
  .meta({ id: 'Payout' });

export type PayoutResource = z.output<typeof payoutResource>;
