import { z } from 'zod';
import { DIFFERENCE_CODES, REASONS } from '../../domain/reconciliation/balance-transactions.ts';
import { RECONCILED_AS } from '../../domain/reconciliation/reconciliation.ts';
import { listOf, minorUnits, rfc3339 } from '../http/common.ts';
import { textUpTo } from '../http/fields.ts';
import { limit } from '../http/list-queries.ts';

const tally = z
  .object({ count: z.int(), amount: minorUnits })
  .meta({ id: 'Tally', description: 'How many balance transactions, and the sum of their `net`.' });

const differenceResource = z
  .object({
    id: z.string(),
    object: z.literal('reconciliation_difference'),
    code: z.enum(DIFFERENCE_CODES),
    order: z.string().nullable(),
    balance_transaction: z.string().nullable(),
    amount: minorUnits.meta({ description: "What Stripe's balance has, less what is accounted for." }),
    currency: z.string(),
    since: rfc3339,
    age_seconds: z.int(),
  })
  .meta({ id: 'ReconciliationDifference' });

export const reconciliationResource = z
  .object({
    object: z.literal('reconciliation_report'),
    period: z.object({ from: rfc3339, to: rfc3339 }),
    reconciled: z.boolean().meta({ description: 'There is no difference.' }),
    totals: z.array(
      z.object({
        currency: z.string(),
        ...Object.fromEntries(RECONCILED_AS.map((standing) => [standing, tally])),
        explained_by: z.object(Object.fromEntries(REASONS.map((reason) => [reason, tally.optional()]))),
      }),
    ),
    orders: z.object({ agreeing: z.int(), differing: z.int(), pending: z.int() }),
    differences: listOf(differenceResource, 'ReconciliationDifferenceList'),
    difference_count: z.int().meta({ description: 'All of them; the list keeps the oldest 500.' }),
    livemode: z.boolean(),
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
