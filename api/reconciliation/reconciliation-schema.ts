import { z } from 'zod';
import { DIFFERENCE_CODES, REASONS } from '../../domain/reconciliation/balance-transactions.ts';
import { RECONCILED_AS } from '../../domain/reconciliation/reconciliation.ts';
import { currencyCode, listOf, livemode, minorUnits, rfc3339 } from '../http/common.ts';
import { textUpTo } from '../http/fields.ts';
import { limit } from '../http/list-queries.ts';

const tally = z
  .object({ count: z.int().describe('How many.'), amount: minorUnits })
  .meta({ id: 'Tally', description: 'How many balance transactions, and the sum of their `net`.' });

export const differenceResource = z
  .object({
    id: z.string().describe('The balance transaction, or the order or account.'),
    object: z.literal('reconciliation_difference'),
    code: z.enum(DIFFERENCE_CODES).describe('The heading of its entry in the runbook.'),
    order: z.string().nullable().describe('The order that it is about. Null: none is known.'),
    connected_account: z
      .string()
      .nullable()
      .describe("The connected account whose balance it is about. Null: the platform's."),
    balance_transaction: z
      .string()
      .nullable()
      .describe('The balance transaction that it is about. Null: the order, or the balance, as a whole.'),
    amount: minorUnits.meta({
      description: "What Stripe's balance has less what is accounted for, in minor units.",
    }),
    currency: currencyCode,
    since: rfc3339.describe('When the money moved, or should have.'),
    age_seconds: z.int().describe('How long ago that was.'),
  })
  .meta({ id: 'ReconciliationDifference' });

const totals = z.array(
  z.object({
    currency: currencyCode,
    ...Object.fromEntries(RECONCILED_AS.map((standing) => [standing, tally])),
    explained_by: z
      .object(Object.fromEntries(REASONS.map((reason) => [reason, tally.optional()])))
      .describe('What is explained, by its reason.'),
  }),
);

export const reconciliationResource = z
  .object({
    object: z.literal('reconciliation_report'),
    period: z
      .object({
        from: rfc3339.describe('Its first moment.'),
        to: rfc3339.describe('Its last moment: when the run began.'),
      })
      .describe('What was compared.'),
    reconciled: z.boolean().meta({ description: 'There is no difference.' }),
    totals: totals.describe("Of the platform's balance, by currency."),
    orders: z
      .object({
        agreeing: z.int().describe('Whose funds are the sum of their transactions.'),
        differing: z.int().describe('Whose funds are not.'),
        pending: z.int().describe('Whose money moved lately, or is on its way.'),
      })
      .describe('How many orders began in the period, or moved money in it.'),
    connected: z
      .object({
        totals: totals.describe('By currency.'),
        accounts: z
          .object({
            agreeing: z.int().describe('Whose balance is the sum of their transactions.'),
            differing: z.int().describe('Whose balance is not.'),
            pending: z
              .int()
              .describe('Whose balance is not, and whose money moved a moment before it was read.'),
            unsummed: z.int().describe('Older than the period: only their transactions were compared.'),
          })
          .describe('How many accounts.'),
      })
      .describe("Of all connected accounts' balances together."),
    differences: listOf(differenceResource, 'ReconciliationDifferenceList'),
    difference_count: z.int().meta({ description: 'All of them; the list keeps the oldest 500.' }),
    livemode: livemode,
  })
  .meta({ id: 'ReconciliationReport' });

export const reconciliationQueryParams = z.strictObject({
  limit,
  starting_after: textUpTo(255)
    .optional()
    .meta({ description: 'The id of the last difference of the page before.' }),
  format: z
    .enum(['json', 'csv'])
    .optional()
    .meta({ description: '`csv`: totals and all differences kept, without pages.' }),
});
