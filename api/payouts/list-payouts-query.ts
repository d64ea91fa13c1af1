import { z } from 'zod';
import * as field from '../http/fields.ts';
import {
  expandData,
  flag,
  limit,
  needsAttentionFlag,
  pendingFor,
  startingAfter,
} from '../http/list-queries.ts';
import { PAYOUT_STATUSES } from './payout-schema.ts';

const payoutFilters = {
  limit,
  starting_after: startingAfter(
    z.string().regex(/^(wpo|po)_[A-Za-z0-9]{1,250}$/, { error: 'must be the id of a payout' }),
  ),
  ...expandData,
  status: z.enum(PAYOUT_STATUSES).optional().describe('Only those with this status.'),
  needs_attention: needsAttentionFlag,
  ...pendingFor,
};

export const listPayoutsQuery = z.strictObject({
  ...payoutFilters,
  connected_account: field.account.optional(),
});

export const listAccountPayoutsQuery = z.strictObject({
  ...payoutFilters,
  automatic: flag.meta({
    description: "true: those that Stripe made by the account's schedule; otherwise those of Waybill.",
  }),
});

export type ListPayoutsQuery = z.output<typeof listPayoutsQuery>;
