import { z } from 'zod';
import { REVERSED_STATUSES } from '../../domain/orders/transfer-reversals.ts';
import { reversalResource } from '../commands/reversal-schema.ts';
import { attentionResource, minorUnits, pendingResource, rfc3339 } from '../http/common.ts';

/** A special-case transfer with no order. */
export const transferResource = z
  .object({
    id: z.string(),
    object: z.literal('transfer'),
    status: z.enum(['pending', ...REVERSED_STATUSES, 'abandoned']),
    amount: minorUnits,
    amount_reversed: minorUnits.nullable().meta({
      description:
        'As Stripe says now, whoever reversed it. Null: Stripe did not answer; `status` then shows no reversal.',
    }),
    currency: z.string(),
    destination: z.string(),
    description: z.string().nullable(),
    stripe_transfer: z.string().nullable(),
    reversals: z
      .array(reversalResource)
      .nullable()
      .meta({ description: 'Newest first. Null: Stripe did not answer.' }),
    pending: pendingResource.nullable(),
    needs_attention: attentionResource.nullable(),
    created: rfc3339,
    livemode: z.boolean(),
  })
  .meta({ id: 'Transfer' });

export type TransferResource = z.output<typeof transferResource>;
