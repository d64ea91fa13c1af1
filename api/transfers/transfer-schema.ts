import { z } from 'zod';
import { attentionResource, minorUnits, pendingResource, rfc3339 } from '../http/common.ts';

/** A special-case transfer with no order. */
export const transferResource = z
  .object({
    id: z.string(),
    object: z.literal('transfer'),
    status: z.enum(['pending', 'paid', 'abandoned']),
    amount: minorUnits,
    currency: z.string(),
    destination: z.string(),
    description: z.string().nullable(),
    stripe_transfer: z.string().nullable(),
    pending: pendingResource.nullable(),
    needs_attention: attentionResource.nullable(),
    created: rfc3339,
    livemode: z.boolean(),
  })
  .meta({ id: 'Transfer' });

export type TransferResource = z.output<typeof transferResource>;
