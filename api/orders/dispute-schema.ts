import { z } from 'zod';
import { DISPUTE_STATUSES } from '../../domain/orders/dispute.ts';
import { balances, minorUnits, rfc3339 } from '../http/common.ts';

const recoveryResource = z
  .object({
    status: z.enum(['pending', 'recovered', 'refused', 'given_up']),
    attempts: z.int(),
    next_attempt_at: rfc3339.nullable(),
    transfer_reversal: z
      .object({ id: z.string(), amount: minorUnits, currency: z.string() })
      .nullable()
      .meta({ description: "What was taken back from the connected account, in the transfer's currency." }),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'Recovery', description: 'How a lost dispute is taken back from the connected account.' });

export const disputeResource = z
  .object({
    id: z.string(),
    object: z.literal('dispute'),
    status: z.enum(DISPUTE_STATUSES),
    amount: minorUnits,
    currency: z.string(),
    reason: z.string(),
    is_inquiry: z.boolean().meta({ description: 'The bank only asks; no money has moved.' }),
    evidence_due_by: rfc3339.nullable(),
    has_evidence: z.boolean(),
    submission_count: z.int(),
    withdrawn: balances.meta({ description: 'What is taken from the platform for the customer.' }),
    fee: balances.meta({ description: 'What Stripe charges for it.' }),
    platform: balances.meta({ description: "What it did to the platform's balance." }),
    recovery: recoveryResource.nullable(),
    created: rfc3339,
  })
  .meta({ id: 'Dispute' });

export type DisputeResource = z.output<typeof disputeResource>;
