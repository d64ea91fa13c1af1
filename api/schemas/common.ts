import { z } from 'zod';
import { RESOLVE_ACTIONS } from '../../domain/commands.ts';

export const rfc3339 = z.iso.datetime().meta({ format: 'date-time' });
export const minorUnits = z.int().meta({ description: 'Minor units of the currency.' });

/** Amounts by currency; a currency that adds up to zero is left out. */
export const balances = z.array(z.object({ amount: minorUnits, currency: z.string() }));

export const attentionResource = z
  .object({
    operation: z
      .string()
      .nullable()
      .meta({ description: 'What is stuck; null: a notice, and the order takes commands as usual.' }),
    code: z.string(),
    subject: z.string().nullable().meta({ description: 'The Stripe object that a notice is about.' }),
    message: z.string(),
    stripe_request_id: z.string().nullable(),
    since: rfc3339,
    deadline: rfc3339.nullable(),
    allowed_actions: z.array(z.enum(RESOLVE_ACTIONS)),
  })
  .meta({
    id: 'NeedsAttention',
    description: 'What is stuck, or else the most urgent notice, and what `resolve` may do about it.',
  });

export const noticeResource = z
  .object({
    code: z.string(),
    subject: z.string().meta({ description: 'The Stripe object that it is about.' }),
    message: z.string(),
    since: rfc3339,
    deadline: rfc3339.nullable(),
    allowed_actions: z.array(z.enum(RESOLVE_ACTIONS)),
    acknowledged_by: z.string().nullable(),
  })
  .meta({ id: 'Notice', description: 'Something to look at while nothing is stuck.' });

/** A page of a list, as Stripe has them. */
export function listOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .object({
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
