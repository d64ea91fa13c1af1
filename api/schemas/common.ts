import { z } from 'zod';
import { RESOLVE_ACTIONS } from '../../domain/commands.ts';

export const rfc3339 = z.iso.datetime().meta({ format: 'date-time' });
export const minorUnits = z.int().meta({ description: 'Minor units of the currency.' });

export const attentionResource = z
  .strictObject({
    operation: z.string(),
    code: z.string(),
    message: z.string(),
    stripe_request_id: z.string().nullable(),
    since: rfc3339,
    allowed_actions: z.array(z.enum(RESOLVE_ACTIONS)),
  })
  .meta({ id: 'NeedsAttention', description: 'What is stuck, and what `resolve` may do about it.' });

/** A page of a list, as Stripe has them. */
export function listOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .strictObject({
      object: z.literal('list'),
      url: z.string(),
      has_more: z.boolean(),
      data: z.array(item),
    })
    .meta({ id });
}

export interface ListResource<Item> {
  readonly object: 'list';
  readonly url: string;
  readonly has_more: boolean;
  readonly data: readonly Item[];
}
