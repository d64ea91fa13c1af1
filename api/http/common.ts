import { z } from 'zod';
import { RESOLVE_ACTIONS } from '../../domain/commands/commands.ts';

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

export const pendingResource = z
  .object({
    operation: z.string(),
    since: rfc3339,
    attempt: z
      .int()
      .nullable()
      .meta({ description: 'The one that runs or comes next. Null in lists, and during the first.' }),
    next_attempt_at: rfc3339
      .nullable()
      .meta({ description: 'Null: an attempt is running, or as `attempt`.' }),
    last_error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({
    id: 'Pending',
    description: 'An operation on its way: its outcome is not known yet, and it is retried until it is.',
  });
export type PendingResource = z.output<typeof pendingResource>;

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

/** What a list shows of an item whose workflow does not answer. */
export const unreadableResource = z
  .object({
    id: z.string(),
    object: z.string(),
    unreadable: z.string().meta({ description: 'Why nothing more can be told of it now.' }),
    status: z.string().nullable(),
    connected_account: z.string().nullable(),
    attention_code: z.string().nullable(),
    created: rfc3339,
  })
  .meta({ id: 'Unreadable', description: 'An item that cannot be read now, as Temporal last indexed it.' });
export type UnreadableResource = z.infer<typeof unreadableResource>;

/** A page of workflows: one that does not answer takes none of the others down. */
export function listOfWorkflows<Item extends z.ZodType>(item: Item, id: string) {
  return listOf(z.union([item, unreadableResource]), id);
}

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
