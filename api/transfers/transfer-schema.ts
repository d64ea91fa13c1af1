import { z } from 'zod';
import { REVERSED_STATUSES } from '../../domain/orders/transfer-reversals.ts';
import { reversalResource } from '../commands/reversal-schema.ts';
import {
  approvalResource,
  attentionResource,
  currencyCode,
  livemode,
  minorUnits,
  pendingResource,
  rfc3339,
} from '../http/common.ts';
import * as field from '../http/fields.ts';

/** Body of `POST /v1/transfers`. */
export const createTransferBody = z
  .strictObject({
    id: field.orderId.optional().meta({
      description: "The caller's own transfer id; one is made otherwise.",
    }),
    amount: field.amount,
    currency: field.currency,
    destination: field.account.describe('Who is paid: acct_…, or your own reference.'),
    description: field.description.describe('Your own text, shown in the Dashboard.'),
    reason: field.reason.optional(),
  })
  .meta({
    id: 'TransferCreate',
    example: { amount: 500, currency: 'usd', destination: 'acct_1WaybillUSCustom', description: 'Bonus' },
  });

/** A special-case transfer with no order. */
export const transferResource = z
  .object({
    id: z.string().describe('Your own transfer id, or the one that Waybill made.'),
    object: z.literal('transfer'),
    status: z
      .enum(['pending', ...REVERSED_STATUSES, 'abandoned'])
      .describe(
        'pending until Stripe has made it; then paid, or how much of it was reversed; abandoned: an operator gave it up, or nobody approved it.',
      ),
    amount: minorUnits.describe('Transferred, in minor units.'),
    amount_reversed: minorUnits.nullable().meta({
      description:
        'Reversed in all, in minor units, as Stripe says now, whoever reversed it. Null: Stripe did not answer; `status` then shows no reversal.',
    }),
    currency: currencyCode,
    destination: z.string().describe('The connected account that is paid.'),
    description: z.string().nullable().describe('Your own text, shown in the Dashboard.'),
    stripe_transfer: z.string().nullable().describe("Stripe's id (tr_…). Null: it is not made yet."),
    reversals: z
      .array(reversalResource)
      .nullable()
      .meta({ description: 'Newest first. Null: Stripe did not answer.' }),
    pending: pendingResource.nullable(),
    needs_attention: attentionResource.nullable(),
    approvals: z.array(approvalResource).describe("What waits for another person's approval."),
    created: rfc3339.describe('When it was asked for.'),
    livemode: livemode,
  })
  .meta({ id: 'Transfer' });

export type TransferResource = z.output<typeof transferResource>;
