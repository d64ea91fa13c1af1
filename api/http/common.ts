import { z } from 'zod';
import { RESOLVE_ACTIONS } from '../../domain/attention/attention.ts';

export const rfc3339 = z.iso.datetime().meta({ format: 'date-time' });
export const minorUnits = z.int().meta({ description: 'Minor units of the currency.' });
export const currencyCode = z.string().meta({ description: 'Lowercase ISO 4217 code.' });
export const livemode = z.boolean().meta({ description: "Whether the object exists in Stripe's live mode." });
export const metadataPairs = z
  .record(z.string(), z.string())
  .meta({ description: 'Your own names and values.' });

/** Amounts by currency; a currency that adds up to zero is left out. */
export const balances = z.array(z.object({ amount: minorUnits, currency: currencyCode }));

export const transferReversal = z.object({
  id: z.string().describe("Stripe's id (trr_…)."),
  amount: minorUnits,
  currency: currencyCode,
});

export const attentionResource = z
  .object({
    operation: z
      .string()
      .nullable()
      .meta({ description: 'What is stuck; null: a notice, and the order takes commands as usual.' }),
    code: z.string().describe('The heading of its entry in the runbook.'),
    subject: z
      .string()
      .nullable()
      .meta({ description: 'The Stripe object, or the approval, that a notice is about.' }),
    message: z.string().describe('What happened, in a sentence.'),
    stripe_request_id: z.string().nullable().describe('For Stripe’s support. Null: no request was answered.'),
    since: rfc3339.describe('When it began to ask.'),
    deadline: rfc3339.nullable().describe('Until when somebody has to act. Null: no deadline.'),
    next_attempt_at: rfc3339.nullable().meta({
      description:
        'When Waybill looks or tries again without anybody. Null: it waits for somebody, or in summaries of lists.',
    }),
    allowed_actions: z.array(z.enum(RESOLVE_ACTIONS)).describe('What `resolve` may do about it.'),
  })
  .meta({
    id: 'NeedsAttention',
    description:
      'The stuck operation, or otherwise the most urgent notice, and what `resolve` may do about it.',
  });

export const pendingResource = z
  .object({
    operation: z.string().describe('What is on its way, such as capture.'),
    since: rfc3339.describe('When it was first tried.'),
    attempt: z.int().nullable().meta({
      description:
        'The number of the attempt that is running or comes next under its idempotency key. Null in lists, during the first, and before it.',
    }),
    next_attempt_at: rfc3339
      .nullable()
      .meta({ description: 'When the next attempt starts. Null: an attempt is running, or in lists.' }),
    last_error: z
      .object({
        code: z.string().describe('Stripe’s error code.'),
        message: z.string().describe('What went wrong.'),
      })
      .nullable()
      .describe('What the last attempt met. Null: none has failed yet, or in lists.'),
  })
  .meta({
    id: 'Pending',
    description: 'An operation on its way: its outcome is not known yet, and it is retried until it is.',
  });

export const noticeResource = z
  .object({
    code: z.string().describe('The heading of its entry in the runbook.'),
    subject: z.string().meta({ description: 'The Stripe object, or the approval, that it is about.' }),
    message: z.string().describe('What happened, in a sentence.'),
    since: rfc3339.describe('When it began.'),
    deadline: rfc3339.nullable().describe('Until when somebody has to act. Null: no deadline.'),
    allowed_actions: z.array(z.enum(RESOLVE_ACTIONS)).describe('What `resolve` may do about it.'),
    acknowledged_by: z
      .string()
      .nullable()
      .describe('Who acknowledged it, which takes it off the lists. Null: nobody.'),
  })
  .meta({ id: 'Notice', description: 'Something to look at while nothing is stuck.' });

export const approvalResource = z
  .object({
    id: z.string().describe('What `resolve` names as `stripe_id`, if several wait.'),
    command: z.string().describe('refund, transfer, payout or mark_done.'),
    amount: minorUnits,
    currency: currencyCode,
    requested_by: z.string().describe('Who asked for it, and cannot approve it.'),
    requested: rfc3339.describe('When it was asked for.'),
    expires: rfc3339.describe('When nobody can approve it any more.'),
  })
  .meta({ id: 'Approval', description: "A command that waits for another person's approval." });

/** What a list shows of an item whose workflow does not answer. */
const unreadableResource = z
  .object({
    id: z.string().describe('The id of the item.'),
    object: z.string().describe('What kind of object it is.'),
    unreadable: z.string().meta({ description: 'Why it cannot be read now.' }),
    status: z.string().nullable().describe('The status that was last indexed.'),
    connected_account: z.string().nullable().describe('The connected account, if indexed.'),
    attention_code: z.string().nullable().describe('Why it needed attention. Null: it did not.'),
    created: rfc3339.describe('When its workflow began.'),
  })
  .meta({ id: 'Unreadable', description: 'An item that cannot be read now, as Temporal last indexed it.' });
export type UnreadableResource = z.infer<typeof unreadableResource>;

/** A page of workflows: one that does not answer takes none of the others down. */
export function listOfWorkflows<Items extends readonly z.ZodType[]>(items: Items, id: string) {
  return listOf(z.union([...items, unreadableResource]), id);
}

/** A page of a list, as Stripe has them. */
export function listOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .object({
      object: z.literal('list'),
      url: z.string().describe('The path of this list.'),
      has_more: z.boolean().describe('Whether there is another page: pass the last id as `starting_after`.'),
      data: z.array(item).describe('The items of this page.'),
    })
    .meta({ id, description: 'A page of a list.' });
}

export interface ListResource<Item> {
  readonly object: 'list';
  readonly url: string;
  readonly has_more: boolean;
  readonly data: readonly Item[];
}

export const fundsResource = z
  .object({
    gross: minorUnits.describe(
      "What was captured, in minor units of the order's currency; refunds are not deducted.",
    ),
    stripe_fee: minorUnits
      .nullable()
      .describe(
        "Stripe's fees, those for disputes too, in minor units of settlement_currency. Null: not known yet.",
      ),
    platform_net: minorUnits
      .nullable()
      .describe(
        'What the platform has of it, in minor units of settlement_currency. Null: not known yet, or another currency is held, too.',
      ),
    connected_net: minorUnits
      .nullable()
      .describe(
        'What connected accounts have of it, in minor units of settlement_currency. Null: not known yet, or another currency is held, too.',
      ),
    settlement_currency: z
      .string()
      .nullable()
      .describe('The currency in which Stripe settled the charge. Null: not known yet.'),
    platform: balances.nullable().describe('What the platform has, by currency. Null: not known yet.'),
    connected: balances
      .nullable()
      .describe('What connected accounts have, by currency. Null: not known yet.'),
  })
  .meta({
    id: 'Funds',
    description:
      "gross in the order's currency, stripe_fee and the nets in settlement_currency. platform and connected list every currency; a net is null where another one is held too. All but gross are null while not known yet.",
  });
